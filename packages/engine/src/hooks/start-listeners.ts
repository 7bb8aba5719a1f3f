import type { EngineHooks } from './engine-hooks.js'
import type { EventName, Listener, RegistryEvent, RegistryEvents } from './events.js'
import type { Hooks } from './hooks.js'

/** One registration. A listener that is registered twice is told twice. */
interface Registration {
  readonly listener: (event: never) => unknown
}

export interface Listeners extends Pick<Hooks, 'on'>, Pick<EngineHooks, 'tell' | 'tellAll'> {
  /** Resolves when every listener was told of what has happened so far, whatever it makes of it. */
  told(): Promise<void>
}

/** @param onError - is told what a listener threw, or rejected with */
export function startListeners(onError: (error: unknown) => void): Listeners {
  const registrations: Readonly<Record<EventName, Set<Registration>>> = {
    'repository.created': new Set(),
    'repository.updated': new Set(),
    'repository.deleted': new Set(),
    'tag.pushed': new Set(),
    'tag.deleted': new Set(),
    'manifest.pushed': new Set(),
    'manifest.deleted': new Set(),
    'blob.pushed': new Set(),
    'blob.mounted': new Set(),
    'blob.deleted': new Set(),
  }
  let queue: (() => void)[] = []
  let telling: Promise<void> | undefined

  const deliver = (): void => {
    telling = undefined
    const due = queue
    queue = []
    for (const each of due) each()
  }

  const tell = <Name extends EventName>(name: Name, event: RegistryEvents[Name]): void => {
    const known = registrations[name]
    if (known.size === 0) return
    const frozen = Object.freeze({ ...event }) as RegistryEvents[Name]
    for (const registration of [...known]) {
      queue.push(() => {
        if (!known.has(registration)) return
        void callListener(registration.listener as Listener<Name>, frozen).catch(onError)
      })
    }
    // Behind the answer, in whose call stack no listener has a place.
    telling ??= new Promise((resolve) => {
      setImmediate(() => {
        deliver()
        resolve()
      })
    })
  }

  return {
    on(name, listener): () => void {
      const known = Object.hasOwn(registrations, name) ? registrations[name] : undefined
      if (known === undefined) throw new TypeError(`there is no event ${name}; there are ${Object.keys(registrations).join(', ')}`)
      if (typeof listener !== 'function') throw new TypeError(`the listener of ${name} is no function`)
      const registration: Registration = { listener }
      known.add(registration)
      return () => {
        known.delete(registration)
      }
    },
    tell,
    tellAll(events: readonly RegistryEvent[]): void {
      for (const { name, event } of events) tell(name, event)
    },
    told: async () => {
      await telling
    },
  }
}

async function callListener<Name extends EventName>(listener: Listener<Name>, event: RegistryEvents[Name]): Promise<void> {
  await listener(event)
}

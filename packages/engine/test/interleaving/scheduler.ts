import { RegistryError } from '@registry/core'
import type { Touch } from './footprints.js'

/** What a call is: only some can fail, and only a commit can be carried out after its answer was lost. */
export type CallKind = 'read' | 'write' | 'commit' | 'step'

/** How a call ends. */
export type Fate = 'answered' | 'done, answer lost' | 'never done, answer lost' | 'answer lost, done later' | 'dropped'

/** A call that waits until the scheduler lets it proceed. */
export interface PendingCall {
  readonly process: string
  readonly kind: CallKind
  /** Operation and key. */
  readonly label: string
  readonly touches: readonly Touch[]
  /** How many came before it. */
  readonly number: number
}

/** What a process says of a call. */
export type CallFacts = Pick<PendingCall, 'kind' | 'label' | 'touches'>

interface Waiting extends PendingCall {
  readonly carryOut: (fate: Fate) => Promise<void>
}

/** What may happen next. */
export type Choice =
  | { readonly what: 'proceed'; readonly call: PendingCall; readonly fate: Fate }
  | { readonly what: 'kill'; readonly process: string }

/** A choice as another run can make it that has made the same choices before. */
export type Move = { readonly call: number; readonly fate: Fate } | { readonly kill: string }

export function moveOf(choice: Choice): Move {
  return choice.what === 'kill' ? { kill: choice.process } : { call: choice.call.number, fate: choice.fate }
}

/** Calls whose answer was lost and that are still under way: they belong to no process any more. */
export const wire = 'wire'

/**
 * Decides which pending call proceeds next. A call is carried out at once when it is let go, and nothing else meanwhile:
 * what happens in a run is the order of the choices, and nothing but it.
 */
export class Scheduler {
  readonly trace: string[] = []
  /** Whether something was chosen that is nobody's wish. */
  disturbed = false
  /** Is told of each answer: what a process knows is what it was answered. */
  onAnswer: ((process: string, label: string, answer: unknown) => void) | undefined
  private waiting: Waiting[] = []
  private readonly dead = new Set<string>()
  private count = 0

  get pending(): readonly PendingCall[] {
    return this.waiting
  }

  /** A call of a process, to be carried out when it is let go. A dead process waits for ever. */
  call<Result>(process: string, { kind, label, touches }: CallFacts, apply: () => Promise<Result>): Promise<Result> {
    if (this.dead.has(process)) return new Promise<never>(() => {})
    return new Promise<Result>((resolve, reject) => {
      const carryOut = async (fate: Fate): Promise<void> => {
        if (fate === 'answer lost, done later') this.later({ kind: 'step', label, touches }, apply)
        if (fate === 'dropped') return
        if (fate === 'answered' || fate === 'done, answer lost') {
          try {
            const answer = await apply()
            if (fate === 'answered') {
              this.onAnswer?.(process, label, answer)
              resolve(answer)
              return
            }
          } catch (error) {
            this.onAnswer?.(process, label, String(error))
            reject(error)
            return
          }
        }
        this.onAnswer?.(process, label, 'lost')
        reject(lost(kind, label))
      }
      this.waiting.push({ process, kind, label, touches, number: this.count++, carryOut })
    })
  }

  /** Everything that may happen next without a fault, in an order that depends on the run so far alone. */
  proceeds(): readonly Choice[] {
    return this.waiting.map((call) => ({ what: 'proceed', call, fate: 'answered' }))
  }

  /** What may happen to a call other than being answered. */
  mishaps(call: PendingCall): readonly Choice[] {
    const fates: readonly Fate[] =
      call.process === wire
        ? ['dropped']
        : { step: [], read: ['never done, answer lost' as const], write: lostWrites, commit: [...lostWrites, 'answer lost, done later' as const] }[call.kind]
    return fates.map((fate) => ({ what: 'proceed', call, fate }))
  }

  /** Ends a process as `kill -9` does. */
  kills(process: string): Choice {
    return { what: 'kill', process }
  }

  /** The choice that another run made here. */
  again(move: Move): Choice {
    if ('kill' in move) return this.kills(move.kill)
    const call = this.waiting.find(({ number }) => number === move.call)
    if (!call) throw new Error('the same calls do not come again: something depends on more than the order of the calls')
    return { what: 'proceed', call, fate: move.fate }
  }

  /** Does what was chosen, and waits until that has had all its consequences. */
  async take(choice: Choice): Promise<void> {
    this.trace.push(describe(choice))
    this.disturbed ||= choice.what === 'kill' || choice.fate !== 'answered'
    if (choice.what === 'kill') {
      this.dead.add(choice.process)
      this.waiting = this.waiting.filter(({ process }) => process !== choice.process)
    } else {
      const at = this.waiting.findIndex((call) => call === choice.call)
      const [call] = this.waiting.splice(at, 1)
      await call!.carryOut(choice.fate)
    }
    await quiet()
  }

  private later(facts: CallFacts, apply: () => Promise<unknown>): void {
    void this.call(wire, facts, apply).catch(() => {})
  }
}

const lostWrites: readonly Fate[] = ['done, answer lost', 'never done, answer lost']

/**
 * Resolves when no process can do anything but wait for a call. The engine on the memory pair knows no timers and no
 * I/O, so that everything between two calls is microtasks: Node runs all of them, those that they add too, before it
 * comes to the next immediate. That no timer creeps in is seen by a test: the same choices give the same trace.
 */
export function quiet(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

/** A choice as a line of a trace. */
export function describe(choice: Choice): string {
  if (choice.what === 'kill') return `${choice.process}: KILLED`
  const { process, label } = choice.call
  return `${process}: ${label}${choice.fate === 'answered' ? '' : ` (${choice.fate.toUpperCase()})`}`
}

function lost(kind: CallKind, label: string): RegistryError {
  return new RegistryError('UNAVAILABLE', `the answer was lost of: ${label}`, kind === 'read' ? {} : { outcome: 'unknown' })
}

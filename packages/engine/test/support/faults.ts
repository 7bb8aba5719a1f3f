import type { Body, CallOptions, Change, Driver, Entry, EntryKey, Index, OpenObject } from '@registry/core'
import { RegistryError } from '@registry/core'

/** One call of a driver or index. A key of an index is `partition sort`, that of a commit `op partition sort`. */
export interface Call {
  readonly operation: 'head' | 'open' | 'put' | 'delete' | 'list' | 'get' | 'scan' | 'commit' | 'search'
  readonly keys: readonly string[]
}

export interface Held {
  /** Resolves when the call has come. */
  readonly reached: Promise<void>
  readonly release: () => void
  /** What the call came to, once it was released. */
  readonly outcome: Promise<unknown>
}

type Rule = (apply: () => Promise<unknown>) => Promise<unknown>

interface Armed {
  readonly operation: Call['operation']
  readonly pattern: RegExp
  readonly rule: Rule
}

/**
 * What a process sees of its storages, and how they fail it. Each fault meets the next call that matches and is over then.
 */
export class Faults {
  /** Every call so far, but for those at the start. */
  readonly calls: Call[] = []
  /** Partitions that something was ever put in: the contract of an index cannot list them. */
  readonly partitions: Set<string>
  /** Objects that were opened and not released. */
  readonly unreleased: Set<OpenObject> = new Set()
  private readonly armed: Armed[] = []
  private readonly held: Held[] = []
  private torn: { readonly pattern: RegExp; readonly between: () => Promise<void> } | undefined
  private dead = false
  private callsLeft = Infinity
  private dying: 'before' | 'after' = 'before'
  private readonly death = signal()

  constructor(partitions: Set<string> = new Set()) {
    this.partitions = partitions
  }

  /** How many calls there were that match. */
  count(operation: Call['operation'], pattern: RegExp = /(?:)/): number {
    return this.calls.filter((call) => call.operation === operation && matches(call, pattern)).length
  }

  /** Forgets the calls so far. */
  forget(): void {
    this.calls.length = 0
  }

  /** The call waits until it is released, and is carried out then. */
  hold(operation: Call['operation'], pattern: RegExp): Held {
    const reached = signal()
    const released = signal()
    const outcome = new Promise((resolve) => {
      this.arm(operation, pattern, async (apply) => {
        reached.give()
        await released.given
        const answer = apply()
        resolve(answer)
        return answer
      })
    })
    // Whoever made the call hears of it.
    outcome.catch(() => {})
    const held = { reached: reached.given, release: released.give, outcome }
    this.held.push(held)
    return held
  }

  /** A test that fails leaves calls waiting, and nobody is to wait for them in vain. */
  releaseAll(): void {
    for (const { release } of this.held) release()
  }

  /** The call fails before it has done anything. */
  fail(operation: Call['operation'], pattern: RegExp, error: unknown): void {
    this.arm(operation, pattern, () => Promise.reject(error))
  }

  /** The answer of the call is lost, which was carried out or never will be. */
  lose(operation: Call['operation'], pattern: RegExp, fate: 'applied' | 'never'): void {
    this.arm(operation, pattern, async (apply) => {
      if (fate === 'applied') await apply()
      throw lost(operation)
    })
  }

  /** The answer of the call is lost, and it is carried out when `land` is called. */
  delay(operation: Call['operation'], pattern: RegExp): { land(): Promise<unknown> } {
    let late: (() => Promise<unknown>) | undefined
    this.arm(operation, pattern, async (apply) => {
      late = apply
      throw lost(operation)
    })
    return {
      land: async () => {
        if (!late) throw new Error(`no ${operation} of ${String(pattern)} has come yet`)
        return late()
      },
    }
  }

  /** As soon as the call comes, and after it was carried out, `between` runs; the answer follows. */
  interrupt(operation: Call['operation'], pattern: RegExp, between: () => Promise<void>): void {
    this.arm(operation, pattern, async (apply) => {
      const answer = await apply()
      await between()
      return answer
    })
  }

  /** The first key of a `get` is read after the others, and `between` runs in between: no index promises a snapshot. */
  tear(pattern: RegExp, between: () => Promise<void>): void {
    this.torn = { pattern, between }
  }

  /** Faults that no call has met. */
  unmet(): readonly string[] {
    if (this.torn) return [`get ${String(this.torn.pattern)}`]
    return this.armed.map(({ operation, pattern }) => `${operation} ${String(pattern)}`)
  }

  /** The process dies: no call of it is carried out or answered any more. */
  kill(): void {
    this.dead = true
  }

  /** The process dies at the `n`th call from now on, before that one is carried out or, where `after`, before it is answered. */
  killAt(n: number, when: 'before' | 'after'): void {
    this.callsLeft = n
    this.dying = when
  }

  /** Whether the process is dead. */
  get isDead(): boolean {
    return this.dead
  }

  /** Resolves when the process died by {@link killAt}. */
  get died(): Promise<void> {
    return this.death.given
  }

  driver(driver: Driver, objectBytes: number = driver.capabilities.limits.objectBytes): Driver {
    return {
      contract: 1,
      name: driver.name,
      capabilities: { ...driver.capabilities, limits: { ...driver.capabilities.limits, objectBytes } },
      head: (key, options) => this.meet('head', [key], () => driver.head(key, options)),
      open: (key, options) => this.meet('open', [key], async () => this.opened(await driver.open(key, options))),
      put: (key, body, options) => this.meet('put', [key], () => driver.put(key, limited(key, body, objectBytes), options)),
      delete: (keys, options) => this.meet('delete', keys, () => driver.delete(keys, options)),
      list: (options) => driver.list(options),
      close: () => driver.close(),
    }
  }

  /** @param changes - of one commit at most, where that is fewer than the index takes */
  index(index: Index, changes: number = index.capabilities.limits.changes): Index {
    return {
      contract: 1,
      name: index.name,
      capabilities: { ...index.capabilities, limits: { ...index.capabilities.limits, changes } },
      get: (keys, options) => this.meet('get', keys.map(show), () => this.read(index, keys, options)),
      scan: (partition, options) => this.meet('scan', [partition], () => index.scan(partition, options)),
      commit: (changes, options) =>
        this.meet('commit', changes.map(showChange), () => {
          for (const { op, key } of changes) if (op === 'put') this.partitions.add(key.partition)
          return index.commit(changes, options)
        }),
      search: (query, options) => this.meet('search', [query.partition], () => index.search(query, options)),
      close: () => index.close(),
    }
  }

  private opened(object: OpenObject): OpenObject {
    this.unreleased.add(object)
    return {
      info: object.info,
      body: object.body,
      [Symbol.asyncDispose]: async () => {
        this.unreleased.delete(object)
        await object[Symbol.asyncDispose]()
      },
    }
  }

  private async read(index: Index, keys: readonly EntryKey[], options?: CallOptions): Promise<readonly (Entry | undefined)[]> {
    const { torn } = this
    if (!torn || !keys.some((key) => torn.pattern.test(show(key)))) return index.get(keys, options)
    this.torn = undefined
    const others = await index.get(keys.slice(1), options)
    await torn.between()
    return [...(await index.get(keys.slice(0, 1), options)), ...others]
  }

  private arm(operation: Call['operation'], pattern: RegExp, rule: Rule): void {
    this.armed.push({ operation, pattern, rule })
  }

  private async meet<Result>(operation: Call['operation'], keys: readonly string[], apply: () => Promise<Result>): Promise<Result> {
    const call: Call = { operation, keys }
    this.calls.push(call)
    const alive = async (): Promise<Result> => {
      if (this.dead) return new Promise<never>(() => {})
      if (--this.callsLeft > 0) return apply()
      if (this.dying === 'after') await apply()
      this.kill()
      this.death.give()
      return new Promise<never>(() => {})
    }
    const found = this.armed.findIndex((armed) => armed.operation === operation && matches(call, armed.pattern))
    if (found < 0) return alive()
    const [armed] = this.armed.splice(found, 1)
    return (await armed!.rule(alive)) as Result
  }
}

/** Something that one waits for and another gives. */
export function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => {}
  const given = new Promise<void>((resolve) => (give = resolve))
  return { given, give: () => { give() } }
}

function matches({ keys }: Call, pattern: RegExp): boolean {
  return keys.some((key) => pattern.test(key)) || (keys.length === 0 && pattern.test(''))
}

function lost(operation: string): RegistryError {
  return new RegistryError('UNAVAILABLE', `the answer of ${operation} was lost`, { operation, outcome: 'unknown' })
}

function show({ partition, sort }: EntryKey): string {
  return `${partition} ${sort}`
}

function showChange({ op, key }: Change): string {
  return `${op} ${show(key)}`
}

/** Holds any driver to a smaller limit than its own, as far as blobs go: records are never that large. */
async function* limited(key: string, body: Body, objectBytes: number): AsyncGenerator<Uint8Array, void> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > objectBytes && key.startsWith('blobs/')) throw new RegistryError('LIMIT_EXCEEDED', `more than ${objectBytes} bytes`)
    yield chunk
  }
}

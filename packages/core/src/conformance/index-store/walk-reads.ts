import type { Entry, EntryPage, Index, ScanOptions, SearchOptions } from '../../index-store.js'
import { expectEqual, expectThat } from '../expectations.js'
import { keysOf } from './walk-commits.js'
import type { ModelEntry, ModelPage, WalkModel } from './walk-model.js'
import { brief, queryOf, spoil, walkPartitions, walkPrefixes, walkSorts } from './walk-names.js'
import type { Random } from './walk-random.js'

/** A read, which may be asked again when something has changed. */
export interface WalkRead {
  readonly words: () => string
  /** Compares what comes to the model, and spoils it afterwards: it is a copy. */
  readonly ask: (index: Index) => Promise<void>
}

export function readOf(random: Random, model: WalkModel, searches: boolean): WalkRead {
  if (searches && random.percent(50)) return searchOf(random, model)
  return random.percent(40) ? getOf(random, model) : scanOf(random, model)
}

/** Scans of all that there is. */
export function everythingOf(random: Random, model: WalkModel): readonly WalkRead[] {
  return walkPartitions.map((partition) => scanned(random, model, partition, {}))
}

function getOf(random: Random, model: WalkModel): WalkRead {
  const keys = keysOf(random)
  return {
    words: () => `get of ${keys.length} keys, ${keys.slice(0, 5).map(({ partition, sort }) => `${brief(partition)} ${brief(sort)}`).join('; ')}`,
    async ask(index) {
      expectEntries(await index.get(keys), keys.map((key) => model.find(key)))
    },
  }
}

function scanOf(random: Random, model: WalkModel): WalkRead {
  const partition = random.pick(walkPartitions)
  const options: ScanOptions = {
    ...(random.percent(35) ? { after: random.pick([...walkSorts, 'b']) } : {}),
    ...(random.percent(35) ? { before: random.pick([...walkSorts, 'b']) } : {}),
    ...(random.percent(35) ? { prefix: random.pick(walkPrefixes) } : {}),
    ...(random.percent(35) ? { limit: 1 + random.below(6) } : {}),
    ...(random.percent(50) ? { reverse: random.percent(70) } : {}),
  }
  return scanned(random, model, partition, options)
}

function scanned(random: Random, model: WalkModel, partition: string, options: ScanOptions): WalkRead {
  return {
    words: () => `scan(${brief(partition)}, ${describe(options)})`,
    async ask(index) {
      expectModelPage(await index.scan(partition, { ...options, ...signalled(random) }), model.scan(partition, options))
    },
  }
}

function searchOf(random: Random, model: WalkModel): WalkRead {
  const query = { partition: random.pick(walkPartitions), text: queryOf(random) }
  const options: SearchOptions = {
    ...(random.percent(35) ? { after: random.pick([...walkSorts, 'b']) } : {}),
    ...(random.percent(35) ? { limit: 1 + random.below(4) } : {}),
  }
  return {
    words: () => `search(${brief(query.partition)}, ${JSON.stringify(query.text)}, ${describe(options)})`,
    async ask(index) {
      expectModelPage(await index.search(query, { ...options, ...signalled(random) }), model.search(query, options))
    },
  }
}

function signalled(random: Random): { readonly signal?: AbortSignal } {
  return random.percent(20) ? { signal: new AbortController().signal } : {}
}

function expectModelPage(page: EntryPage, expected: ModelPage): void {
  expectEntries(page.entries, expected.entries)
  expectEqual('more', page.more, expected.more)
}

function expectEntries(found: readonly (Entry | undefined)[], expected: readonly (ModelEntry | undefined)[]): void {
  const isEach = found.length === expected.length && found.every((entry, number) => isAt(entry, expected[number]))
  // In words only where they differ: a walk compares many thousand entries.
  if (!isEach) expectThat('keys', false, JSON.stringify(expected.map(nameOf)), found.map(nameOf))
  for (const [number, entry] of found.entries()) {
    const wanted = expected[number]
    if (entry === undefined || wanted === undefined) continue
    if (JSON.stringify(entry.value) !== wanted.json) expectThat(`value of ${brief(wanted.key.sort)}`, false, wanted.json, entry.value)
    if (entry.revision !== wanted.revision) expectThat(`revision of ${brief(wanted.key.sort)}`, false, wanted.revision, entry.revision)
    spoil(entry.value)
  }
}

function isAt(entry: Entry | undefined, wanted: ModelEntry | undefined): boolean {
  if (entry === undefined || wanted === undefined) return entry === wanted
  return entry.key.partition === wanted.key.partition && entry.key.sort === wanted.key.sort
}

function nameOf(entry: Entry | ModelEntry | undefined): string {
  return entry === undefined ? 'no entry' : `${brief(entry.key.partition)} ${brief(entry.key.sort)}`
}

function describe(options: ScanOptions): string {
  const shorten = (part: unknown): unknown => (typeof part === 'string' && part.length > 20 ? `${part.slice(0, 8)}…${part.slice(-8)}` : part)
  return JSON.stringify(options, (_, part: unknown) => shorten(part))
}

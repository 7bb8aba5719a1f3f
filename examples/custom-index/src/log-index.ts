import { randomUUID } from 'node:crypto'
import { appendFileSync, closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { assertEntryKey, assertPartition, checkChanges, compareUtf8, foldText, pageLimit, RegistryError, searchTerms } from '@registry/core'
import type { CallOptions, Change, Entry, EntryKey, EntryPage, Expectation, Index, IndexModule, OptionsSchema, ScanOptions } from '@registry/core'

type Stored = { readonly json: string; readonly revision: string; readonly text: string | undefined }
type Outcome = { readonly conflict: EntryKey | undefined; readonly revisions: readonly (string | undefined)[] }
/** Keeps each commit as a line of a file that only grows. Who opens the file reads it from the start, and then follows it. */
export async function logIndex({ file }: { file: string }): Promise<Index> {
  mkdirSync(dirname(file), { recursive: true })
  const [log, folder] = [openSync(file, 'a+'), openSync(dirname(file), 'r')]
  for (const call of [fsyncSync, closeSync]) call(folder)
  const limits = Object.freeze({ changes: 1000, commitBytes: 4_000_000, valueBytes: 390_000, spread: 1 })
  const partitions = new Map<string, Map<string, Stored>>()
  const find = ({ partition, sort }: EntryKey): Stored | undefined => partitions.get(partition)?.get(sort)
  const conflict = (changes: readonly Change[]): EntryKey | undefined => changes.find(({ key, expect }) => !holds(expect, find(key)))?.key
  const apply = (change: Change, revision: string): string | undefined => {
    const { op, key } = change
    const entries = partitions.get(key.partition) ?? partitions.set(key.partition, new Map()).get(key.partition)!
    if (op === 'delete') entries.delete(key.sort)
    if (op === 'put') entries.set(key.sort, { json: JSON.stringify(change.value), revision, text: change.text && foldText(change.text) })
    return op === 'put' ? revision : undefined
  }
  let [position, closed] = [0, false]
  const follow = (): ReadonlyMap<string, Outcome> => {
    const outcomes = new Map<string, Outcome>()
    const news = Buffer.alloc(fstatSync(log).size - position)
    readSync(log, news, 0, news.length, position)
    for (let start = 0, end: number; (end = news.indexOf('\n', start)) >= 0; start = end + 1) {
      const [, id, json] = /^(\S+) (.*) \1$/s.exec(news.toString('utf8', start, end)) ?? []
      const changes = JSON.parse(json ?? '[]') as readonly Change[]
      const key = conflict(changes)
      if (id) outcomes.set(id, { conflict: key, revisions: key ? [] : changes.map((change) => apply(change, String(position))) })
      position += end + 1 - start
    }
    return outcomes
  }
  const enter = ({ signal }: CallOptions): void => {
    if (closed) throw new RegistryError('CLOSED', `the index in ${file} was closed`, { driver: 'log' })
    signal?.throwIfAborted()
    follow()
  }
  const page = (partition: string, options: ScanOptions, wanted: (stored: Stored) => boolean = () => true): EntryPage => {
    assertPartition(partition)
    const { after = '', before, prefix = '', limit, reverse = false } = options
    const isInside = (sort: string): boolean => compareUtf8(sort, after) > 0 && (before === undefined || compareUtf8(sort, before) < 0)
    const sorted = [...(partitions.get(partition) ?? [])].sort(([a], [b]) => (reverse ? compareUtf8(b, a) : compareUtf8(a, b)))
    const all = sorted.filter(([sort, stored]) => sort.startsWith(prefix) && isInside(sort) && wanted(stored))
    return { entries: all.slice(0, pageLimit(limit)).map(([sort, each]) => entryOf({ partition, sort }, each)), more: all.length > pageLimit(limit) }
  }
  return {
    contract: 1, name: 'log',
    capabilities: Object.freeze({ search: true, limits }),
    async get(keys, options = {}) {
      enter(options)
      keys.forEach(assertEntryKey)
      return keys.map((key) => find(key) && entryOf({ ...key }, find(key)!))
    },
    async scan(partition, options = {}) {
      enter(options)
      return page(partition, options)
    },
    async commit(changes, options = {}) {
      enter(options)
      checkChanges(changes, limits, options)
      const [id, early] = [randomUUID(), conflict(changes)]
      if (!early) append(log, `\n${id} ${JSON.stringify(changes)} ${id}\n`, options.durable)
      const { conflict: key, revisions } = follow().get(id) ?? { conflict: early, revisions: [] }
      if (key) throw new RegistryError('CONFLICT', 'an entry is not as expected', { driver: 'log', operation: 'commit', key })
      return revisions
    },
    async search({ partition, text }, options = {}) {
      enter(options)
      const terms = searchTerms(text)
      return page(partition, options, (stored) => stored.text !== undefined && terms.every((term) => stored.text?.includes(term)))
    },
    async close() {
      if (!closed) closeSync(log)
      closed = true
    },
  }
}

function append(log: number, line: string, flush = true): void {
  try {
    appendFileSync(log, line, { flush })
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code === 'ENOSPC' ? 'NO_SPACE' : 'UNAVAILABLE'
    throw new RegistryError(code, 'the log could not be written', { driver: 'log', operation: 'commit', outcome: 'unknown', cause })
  }
}

const holds = (expect: Expectation | undefined, found: Stored | undefined): boolean =>
  expect === undefined || (expect === 'absent' ? !found : !!found && (expect === 'present' || expect.revision === found.revision))
const entryOf = (key: EntryKey, { json, revision }: Stored): Entry => ({ key, value: JSON.parse(json) as Entry['value'], revision })
/** What the server looks for in a package. */
const options: OptionsSchema = { file: { type: 'string', required: true, description: 'File of the log, made where it is missing.' } }
export const index: IndexModule<{ file: string }> = { contract: 1, name: 'log', options, open: logIndex }

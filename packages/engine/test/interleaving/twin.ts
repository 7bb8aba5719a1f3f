import { isDeepStrictEqual } from 'node:util'
import { type Change, type CommitOptions, compareUtf8, type Driver, type Entry, type EntryKey, type EntryPage, type Expectation, type Index, RegistryError, type ScanOptions } from '@registry/core'
import { bodyOf, readObject } from '../../src/body.js'
import type { World } from './world.js'

/** What the index in memory made of a commit. */
export type CommitOutcome = { readonly revisions: readonly (string | undefined)[] } | { readonly error: unknown }

/**
 * A driver and an index that are asked whatever the storages of a world are asked, in the same order, and have to give the same answers.
 * What holds of the world in every order of calls then holds of them.
 */
export class Twin {
  private readonly driver: Driver
  private readonly index: Index
  /** From a row's revision in the world to its own one here. */
  private readonly revisions = new Map<string, string>()

  private constructor(driver: Driver, index: Index) {
    this.driver = driver
    this.index = index
  }

  /** Makes an empty driver and an empty index the twins of a world. */
  static async of(world: World, driver: Driver, index: Index): Promise<Twin> {
    const twin = new Twin(driver, index)
    for (const [key, { bytes }] of world.objects) await driver.put(key, bodyOf(Buffer.from(bytes)))
    for (const [partition, entries] of world.rows.partitions) {
      for (const [sort, { json, revision, text }] of entries) {
        const key = { partition, sort }
        await twin.commit([{ op: 'put', key, value: JSON.parse(json) as Entry['value'], text }], {}, { revisions: [revision] })
      }
    }
    return twin
  }

  async get(keys: readonly EntryKey[], expected: readonly (Entry | undefined)[]): Promise<void> {
    this.same(`get ${JSON.stringify(keys)}`, await this.index.get(keys), this.own(expected))
  }

  async scan(partition: string, options: ScanOptions | undefined, { entries, more }: EntryPage): Promise<void> {
    this.same(`scan ${partition}`, await this.index.scan(partition, options), { entries: this.own(entries), more })
  }

  async commit(changes: readonly Change[], options: CommitOptions | undefined, outcome: CommitOutcome): Promise<void> {
    const what = `commit ${JSON.stringify(changes)}`
    try {
      const revisions = await this.index.commit(changes.map((change) => this.translated(change)), options)
      if ('error' in outcome) throw new Error(`${what} was applied, and not in memory`, { cause: outcome.error })
      for (const [n, { key }] of changes.entries()) if (revisions[n] !== undefined) this.revisions.set(nameOf(key, outcome.revisions[n]), revisions[n])
    } catch (error) {
      if (!RegistryError.is(error)) throw error
      const found = 'error' in outcome && RegistryError.is(outcome.error) ? outcome.error : undefined
      this.same(what, [error.code, error.key], [found?.code, found?.key])
    }
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.driver.put(key, bodyOf(Buffer.from(bytes)))
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.driver.delete(keys)
  }

  async head(key: string, size: number | undefined): Promise<void> {
    this.same(`head ${key}`, (await this.driver.head(key))?.size, size)
  }

  async read(key: string, bytes: Uint8Array | undefined): Promise<void> {
    const found = await readObject(this.driver.open(key)).catch((error: unknown) => {
      if (RegistryError.is(error, 'NOT_FOUND')) return undefined
      throw error
    })
    this.same(`the bytes of ${key}`, found?.toString(), bytes && Buffer.from(bytes).toString())
  }

  /** Compares everything that is stored. */
  async compare({ objects, rows }: World): Promise<void> {
    const keys: string[] = []
    for await (const { key } of this.driver.list()) keys.push(key)
    this.same('the keys of all objects', keys, [...objects.keys()].sort(compareUtf8))
    for (const [key, { bytes }] of objects) await this.read(key, bytes)
    for (const [partition, entries] of rows.partitions) {
      const sorted = [...entries].sort(([a], [b]) => compareUtf8(a, b))
      const expected = sorted.map(([sort, { json, revision }]): Entry => ({ key: { partition, sort }, value: JSON.parse(json) as Entry['value'], revision }))
      await this.scan(partition, {}, { entries: expected, more: false })
    }
  }

  /** Entries of the world as they are here. */
  private own(entries: readonly Entry[]): readonly Entry[]
  private own(entries: readonly (Entry | undefined)[]): readonly (Entry | undefined)[]
  private own(entries: readonly (Entry | undefined)[]): readonly (Entry | undefined)[] {
    return entries.map((entry) => entry && { ...entry, revision: this.revisions.get(nameOf(entry.key, entry.revision)) ?? 'unheard of' })
  }

  private translated(change: Change): Change {
    if (change.expect === undefined || typeof change.expect === 'string') return change
    const expect: Expectation = { revision: this.revisions.get(nameOf(change.key, change.expect.revision)) ?? 'unheard of' }
    return { ...change, expect }
  }

  private same(what: string, found: unknown, expected: unknown): void {
    if (!isDeepStrictEqual(found, expected)) throw new Error(`${what}: expected ${JSON.stringify(expected)} as in memory, got ${JSON.stringify(found)}`)
  }
}

function nameOf({ partition, sort }: EntryKey, revision: string | undefined): string {
  return `${partition} ${sort} ${revision}`
}

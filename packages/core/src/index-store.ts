import type { IndexCapabilities } from './capabilities.js'
import type { CallOptions } from './driver.js'
import type { Json } from './json.js'

/**
 * Where an entry is: entries of one partition are kept in the UTF-8 byte order of `sort`.
 * A partition has 1 to 2,048 bytes, a sort key 1 to 1,024; neither has a NUL or a lone surrogate.
 */
export interface EntryKey {
  /** A scan or search stays in one; a get or commit may name several. */
  readonly partition: string
  /** Where in the partition. Compared by its bytes in UTF-8, not by code units as JavaScript does. */
  readonly sort: string
}

/** One fact. `value` is a copy: changing it changes nothing in the index. */
export interface Entry {
  /** As it was put. */
  readonly key: EntryKey
  /** What the last put gave, as it reads after a round trip through JSON. */
  readonly value: Json
  /** Changes with every put, and never repeats for a key, not even after a delete. Opaque. */
  readonly revision: string
}

/**
 * What a change expects of the entry as it is: that there is none, that there is one, or that it has this revision.
 * An {@link Entry} is an expectation of its own revision, so that `expect: entry ?? 'absent'` reads as it means.
 */
export type Expectation = 'absent' | 'present' | {
  /** As {@link Entry.revision} was when it was read, or as {@link Index.commit} returned it. */
  readonly revision: string
}

/**
 * Puts a value in place of what was there. With a `text`, be it empty, {@link Index.search} finds it; without one it
 * does not, whatever was put before. An index that does not search ignores texts.
 */
export interface PutChange {
  /** Tells a put from the other kinds of {@link Change}. */
  readonly op: 'put'
  /** The entry to put, be it there or not. */
  readonly key: EntryKey
  /** What JSON can say. With `text` it may have `limits.valueBytes`. */
  readonly value: Json
  /** What a search looks in, not folded yet: the index does that with {@link foldText}. Absent: searches leave the entry out. */
  readonly text?: string | undefined
  /** Absent: the put happens whatever is there. The whole commit is a `CONFLICT` where it does not hold. */
  readonly expect?: Expectation | undefined
}

/** Deletes the entry; an absent one is fine unless expected otherwise. */
export interface DeleteChange {
  /** Tells a delete from the other kinds of {@link Change}. */
  readonly op: 'delete'
  /** The entry to delete. */
  readonly key: EntryKey
  /** Absent: the delete happens whatever is there. The whole commit is a `CONFLICT` where it does not hold. */
  readonly expect?: Expectation | undefined
}

/** Changes nothing; the commit fails where the expectation does not hold. */
export interface CheckChange {
  /** Tells a check from the other kinds of {@link Change}. */
  readonly op: 'check'
  /** The entry to look at, which no other change of the commit may touch. */
  readonly key: EntryKey
  /** The whole commit is a `CONFLICT` where it does not hold. */
  readonly expect: Expectation
}

/** One step of a commit. */
export type Change = PutChange | DeleteChange | CheckChange

export interface ScanOptions extends CallOptions {
  /** Only entries whose sort key is strictly behind this one. It need not exist. */
  readonly after?: string | undefined
  /** Only entries whose sort key is strictly before this one. It need not exist. */
  readonly before?: string | undefined
  /** Exact beginning of the sort keys that are wanted. */
  readonly prefix?: string | undefined
  /** How many entries at most, 1 to 1,000. Default 1,000. */
  readonly limit?: number | undefined
  /** From the last to the first. Default: from the first to the last. */
  readonly reverse?: boolean | undefined
}

export interface CommitOptions extends CallOptions {
  /**
   * `false`: the changes need not go together, so that a failure may leave some of them applied; they may then be
   * puts and deletes without expectations alone. A hint. Default `true`.
   */
  readonly atomic?: boolean | undefined
  /** `false`: a power failure may lose the commit, until a later durable one; a close may not. A hint. Default `true`. */
  readonly durable?: boolean | undefined
}

/** What to search for: entries of `partition` whose text has every term of `text` anywhere in it. */
export interface SearchQuery {
  /** The one partition that is searched. */
  readonly partition: string
  /** Terms with white space between them, folded as {@link foldText} does. No term: every entry that has a text. */
  readonly text: string
}

export interface SearchOptions extends CallOptions {
  /** How many entries at most, 1 to 1,000. Default 1,000. */
  readonly limit?: number | undefined
  /** Only entries whose sort key is strictly behind this one. */
  readonly after?: string | undefined
}

/** Some entries, and whether there are more behind the last. A page is full whenever there are more. */
export interface EntryPage {
  /** At most as many as the `limit`, in the order of the call; empty where nothing is left. */
  readonly entries: readonly Entry[]
  /** `true`: the next page is `after` the sort key of the last entry, or `before` it where the scan is in reverse. */
  readonly more: boolean
}

/**
 * Facts in order: the contract of an index, version 1. An ordered, transactional map from {@link EntryKey} to JSON.
 * Every read sees the whole of every commit that was answered before it began, by whichever process, and nothing of one
 * that fails. A read of several entries is no snapshot: each is current when it is read, so that they may lie on
 * either side of a commit that is still under way. The expectations of a commit hold all at once, when it lands.
 *
 * Every method rejects with a {@link RegistryError}, and after {@link Index.close} with `CLOSED`.
 * An index retries its own transaction conflicts and throttling; a commit whose answer was lost is recognised when it
 * is sent again; where the outcome stays unknown the error is `UNAVAILABLE` with `outcome: 'unknown'`.
 */
export interface Index {
  /** The version of the contract that the index keeps. The engine refuses another one with `CONFIG`. */
  readonly contract: 1
  /** Short name for messages, such as `sqlite`. */
  readonly name: string
  /** Frozen, and the same from construction on. */
  readonly capabilities: IndexCapabilities

  /**
   * The entries under `keys`, in their order, `undefined` where there is none. Any number of keys.
   * No snapshot: each is current when it is read. Whoever needs several as they are together expects them in a commit.
   */
  get(keys: readonly EntryKey[], options?: CallOptions): Promise<readonly (Entry | undefined)[]>

  /** Entries of one partition in the UTF-8 byte order of their sort keys. */
  scan(partition: string, options?: ScanOptions): Promise<EntryPage>

  /**
   * Applies all changes or none. A key may occur once. Once it has answered, every read sees all of it; where it fails,
   * none ever saw any of it. A commit that is aborted or whose index is closed meanwhile is whole or not at all, too.
   *
   * @returns for each change the new revision of a put, `undefined` for a delete or check
   * @throws `CONFLICT` where an expectation does not hold; `key` names the first such entry
   * @throws `LIMIT_EXCEEDED` where the commit, a value or a key is too large
   */
  commit(changes: readonly Change[], options?: CommitOptions): Promise<readonly (string | undefined)[]>

  /**
   * Entries that were put with a text, in the UTF-8 byte order of their sort keys.
   *
   * @throws `UNSUPPORTED` where `capabilities.search` is false
   */
  search(query: SearchQuery, options?: SearchOptions): Promise<EntryPage>

  /** Releases what the index holds. Calling it again is fine. */
  close(): Promise<void>
}

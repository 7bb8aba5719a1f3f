import { compareUtf8 } from '../../byte-order.js'
import { foldText, searchTerms } from '../../fold-text.js'
import type { Change, EntryKey, Expectation, ScanOptions, SearchOptions, SearchQuery } from '../../index-store.js'
import { expectThat } from '../expectations.js'
import { brief } from './walk-names.js'

/** An entry as it has to come back. */
export interface ModelEntry {
  readonly key: EntryKey
  readonly json: string
  readonly revision: string
  /** Folded. */
  readonly text: string | undefined
}

export interface ModelPage {
  readonly entries: readonly ModelEntry[]
  readonly more: boolean
}

/** What an index has to answer, in the plainest way: a list of what is there, and of every revision that ever was. */
export class WalkModel {
  readonly #entries = new Map<string, ModelEntry>()
  readonly #revisions = new Map<string, Set<string>>()

  find(key: EntryKey): ModelEntry | undefined {
    return this.#entries.get(idOf(key))
  }

  /** Revisions that the key has had, the present one too. */
  revisionsOf(key: EntryKey): readonly string[] {
    return [...(this.#revisions.get(idOf(key)) ?? [])]
  }

  /** The first change whose expectation does not hold. */
  conflict(changes: readonly Change[]): Change | undefined {
    return changes.find(({ key, expect }) => !holds(expect, this.find(key)))
  }

  /** Notes a commit that landed, with the revisions that it was answered with, which have to be new ones. */
  apply(changes: readonly Change[], answer: readonly (string | undefined)[]): void {
    expectThat('how many answers the commit has', answer.length === changes.length, String(changes.length), answer.length)
    for (const [number, change] of changes.entries()) this.#applyOne(change, answer[number])
  }

  #applyOne(change: Change, revision: string | undefined): void {
    const { op, key } = change
    const id = idOf(key)
    const what = `the answer to ${op} ${brief(key.sort)}`
    if (op !== 'put') {
      expectThat(what, revision === undefined, 'undefined', revision)
      if (op === 'delete') this.#entries.delete(id)
      return
    }
    const former = this.#revisions.get(id) ?? new Set()
    if (typeof revision !== 'string' || former.has(revision)) expectThat(what, false, 'a revision that the entry never had', revision)
    else {
      this.#revisions.set(id, former.add(revision))
      const text = change.text === undefined ? undefined : foldText(change.text)
      this.#entries.set(id, { key: { ...key }, json: JSON.stringify(change.value), revision, text })
    }
  }

  scan(partition: string, { after, before, prefix = '', limit, reverse = false }: ScanOptions): ModelPage {
    const matches = this.#partition(partition, after).filter(
      ({ key: { sort } }) => sort.startsWith(prefix) && (before === undefined || compareUtf8(sort, before) < 0),
    )
    return page(reverse ? [...matches].reverse() : matches, limit)
  }

  search({ partition, text }: SearchQuery, { after, limit }: SearchOptions): ModelPage {
    const terms = searchTerms(text)
    const matches = this.#partition(partition, after).filter((entry) => entry.text !== undefined && terms.every((term) => entry.text?.includes(term)))
    return page(matches, limit)
  }

  #partition(partition: string, after: string | undefined): readonly ModelEntry[] {
    return [...this.#entries.values()]
      .filter(({ key }) => key.partition === partition && (after === undefined || compareUtf8(key.sort, after) > 0))
      .sort((a, b) => compareUtf8(a.key.sort, b.key.sort))
  }
}

function idOf({ partition, sort }: EntryKey): string {
  return `${partition}\0${sort}`
}

function holds(expect: Expectation | undefined, found: ModelEntry | undefined): boolean {
  if (expect === undefined) return true
  if (expect === 'absent') return found === undefined
  if (expect === 'present') return found !== undefined
  return found?.revision === expect.revision
}

function page(matches: readonly ModelEntry[], limit = 1000): ModelPage {
  return { entries: matches.slice(0, limit), more: matches.length > limit }
}

import type { EntryPage, Index } from '../../index-store.js'
import { expectPage, fill, partition, put } from './facts.js'

/** Puts an entry for each text, under its name. */
export async function fillTexts(index: Index, texts: Readonly<Record<string, string>>): Promise<void> {
  await fill(index, Object.entries(texts).map(([sort, text]) => put(sort, 1, { text })))
}

/** Everything that is found for `text`, on one page. */
export async function found(index: Index, text: string): Promise<EntryPage> {
  return index.search({ partition, text })
}

/** Fails unless a search finds exactly these, in this order. */
export async function expectFound(index: Index, text: string, sorts: readonly string[]): Promise<void> {
  expectPage(`search(${JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)})`, await found(index, text), sorts, false)
}

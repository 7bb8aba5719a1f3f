import type { Entry } from '../../src/index-store.js'
import type { Json } from '../../src/json.js'
import { changing, type IndexMutant, mutant, reading } from './mutant.js'

/** A mutant whose values come back as others. */
function revaluing(id: string, breaks: string, value: (value: Json) => Json): IndexMutant {
  return reading(id, breaks, (entry) => ({ ...entry, value: value(entry.value) }))
}

function textually(id: string, breaks: string, change: (text: string) => string): IndexMutant {
  return revaluing(id, breaks, (value) => (typeof value === 'string' ? change(value) : value))
}

const objects = (value: Json): value is { readonly [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)

export const valueMutants: readonly IndexMutant[] = [
  revaluing('null-is-empty', 'null comes back as an empty text', (value) => value ?? ''),
  revaluing('single-precision', 'numbers are kept in single precision', (value) => (typeof value === 'number' ? Math.fround(value) : value)),
  textually('trimmed', 'texts are trimmed', (text) => text.trim()),
  textually('numeric', 'texts that look like JSON are parsed', (text) => (/^[1n{]/.test(text) ? JSON.stringify(text) : text)),
  textually('without-nul', 'a text ends at its first NUL', (text) => text.split('\0', 1)[0]!),
  textually('well-formed', 'lone surrogates are replaced', (text) => text.replace(/\p{Surrogate}/gu, '\ufffd')),
  revaluing('list-is-set', 'lists lose what is empty', (value) => (Array.isArray(value) ? value.filter((item) => JSON.stringify(item).length > 2) : value)),
  revaluing('named-members', 'members with odd names are lost', (value) =>
    objects(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => /^\w+$/.test(name))) : value,
  ),
  changing('shallow', 'values of more than a hundred levels are lost', (change) =>
    change.op === 'put' && (JSON.stringify(change.value).match(/[[{]/g)?.length ?? 0) > 100 ? { ...change, value: null } : change,
  ),
  changing('undefined-is-null', 'members that are undefined are kept as null', (change) =>
    change.op === 'put' && objects(change.value)
      ? { ...change, value: Object.fromEntries(Object.entries(change.value as object).map(([name, value]) => [name, (value as Json | undefined) ?? null])) }
      : change,
  ),
  mutant('shared-puts', 'the index keeps the value that the caller has', (index) => {
    const values = new Map<string, Json>()
    return {
      commit: async (changes, options) => {
        const answer = await index.commit(changes, options)
        for (const [number, change] of changes.entries()) if (change.op === 'put') values.set(answer[number]!, change.value)
        return answer
      },
      get: async (keys, options) =>
        (await index.get(keys, options)).map((entry) => entry && { ...entry, value: JSON.parse(JSON.stringify(values.get(entry.revision) ?? entry.value)) as Json }),
    }
  }),
  mutant('shared-reads', 'the index keeps the value that it gave out', (index) => {
    const entries = new Map<string, Entry>()
    const shared = (entry: Entry): Entry => {
      if (!entries.has(entry.revision)) entries.set(entry.revision, entry)
      return { ...entry, value: entries.get(entry.revision)!.value }
    }
    return {
      get: async (keys, options) => (await index.get(keys, options)).map((entry) => entry && shared(entry)),
      scan: async (partition, options) => {
        const page = await index.scan(partition, options)
        return { ...page, entries: page.entries.map(shared) }
      },
    }
  }),
]

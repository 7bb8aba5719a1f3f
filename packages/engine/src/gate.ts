import type { Index, RegistryError } from '@registry/core'

/** What lets operations pass to the index, or refuses them all. */
export interface Gate {
  /** Where it is shut: why. Asked at each call. */
  refusal(): RegistryError | undefined
}

/**
 * The index, where nothing passes while the gate is shut. Every operation asks the index before it answers, so that none
 * answers from an index that does not have everything yet.
 */
export function gatedIndex(index: Index, gate: Gate): Index {
  const pass = <Result>(call: () => Promise<Result>): Promise<Result> => {
    const refusal = gate.refusal()
    return refusal ? Promise.reject(refusal) : call()
  }
  return {
    ...index,
    get: (keys, options) => pass(() => index.get(keys, options)),
    scan: (partition, options) => pass(() => index.scan(partition, options)),
    commit: (changes, options) => pass(() => index.commit(changes, options)),
    search: (query, options) => pass(() => index.search(query, options)),
  }
}

import { RegistryError } from '@registry/core'
import { nearest } from '@registry/core/config'

/**
 * The cases whose ids begin with one of the filters; all without a filter.
 *
 * @throws `CONFIG` where a filter fits no case
 */
export function chosenCases<Case extends { readonly id: string }>(cases: readonly Case[], filters: readonly string[] = []): readonly Case[] {
  const strange = filters.find((filter) => !cases.some(({ id }) => id.startsWith(filter)))
  if (strange !== undefined) {
    const ids = cases.map(({ id }) => id)
    const methods = [...new Set(ids.map((id) => id.slice(0, id.indexOf('/') + 1)))]
    const meant = nearest(strange, [...ids, ...methods])
    const hint = meant === undefined ? `ids begin with ${methods.join(', ')}` : `did you mean ${meant}?`
    throw new RegistryError('CONFIG', `--filter ${strange}: no clause has an id that begins so; ${hint}`)
  }
  return filters.length === 0 ? cases : cases.filter(({ id }) => filters.some((filter) => id.startsWith(filter)))
}

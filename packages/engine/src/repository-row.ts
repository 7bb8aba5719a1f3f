import type { Change, Expectation, Json } from '@registry/core'
import type { Context } from './context.js'
import { rowKeys } from './keyspace.js'
import type { DerivedDescription, Repository } from './rows.js'

/** What describes a repository: what somebody set, else what its manifests say. */
export function descriptionOf({ description, derived }: Repository): string | undefined {
  return description ?? derived?.text
}

/** The row, described by its manifests, and without a mark. `undefined`: somebody has to look. */
export function withDerived(row: Repository, derived: DerivedDescription | null | undefined): Repository {
  return { ...row, derived, describing: undefined }
}

/** The row of a repository, which search finds by its name and description. */
export function putRepository({ index }: Pick<Context, 'index'>, name: string, row: Repository, expect?: Expectation): Change {
  const description = descriptionOf(row)
  const text = description === undefined ? name : `${name}\n${description}`
  return { op: 'put', key: rowKeys.repository(name, index.capabilities.limits.spread), value: row as unknown as Json, text, expect }
}

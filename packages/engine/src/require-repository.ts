import { type CallOptions, RegistryError } from '@registry/core'
import type { Context } from './context.js'
import { rowKeys } from './keyspace.js'
import { isLiveRow, readRow } from './row-store.js'
import type { Repository } from './rows.js'

/** @throws `NAME_UNKNOWN` where the repository does not exist: a repository exists when it has a row, whatever it holds */
export async function requireRepository({ index }: Context, repository: string, options?: CallOptions): Promise<Repository> {
  const row = await readRow(index, rowKeys.repository(repository, index.capabilities.limits.spread), options)
  if (!isLiveRow(row)) throw new RegistryError('NAME_UNKNOWN', `there is no repository ${repository}`)
  return row.value
}

import { type CallOptions, RegistryError } from '@registry/core'
import type { Context } from '../context.js'
import { ensureRecorded } from '../due.js'
import { rowKeys } from '../keyspace.js'
import { plainText } from '../plain-text.js'
import { commitRecorded } from '../recorded-commit.js'
import { descriptionOf, putRepository } from '../repository-row.js'
import { isLiveRow, readRow } from '../row-store.js'

/**
 * Sets the description of a repository, or has its manifests describe it again.
 *
 * @throws `NAME_UNKNOWN`; `DESCRIPTION_INVALID` where nothing of the text can be seen
 */
export async function describeRepository(context: Context, repository: string, text: string | undefined, options?: CallOptions): Promise<void> {
  const description = text === undefined ? undefined : checked(text)
  await commitRecorded(
    context,
    `describing the repository ${repository}`,
    async (due) => {
      const row = await readRow(context.index, rowKeys.repository(repository, context.index.capabilities.limits.spread), options)
      if (!isLiveRow(row)) {
        await ensureRecorded(context, row?.value)
        throw new RegistryError('NAME_UNKNOWN', `there is no repository ${repository}`)
      }
      const version = row.value.version + 1
      const described = { ...row.value, version, due, description }
      return {
        changes: [putRepository(context, repository, described, row)],
        records: [{ kind: 'repository', repository, version }],
        events: descriptionOf(described) === descriptionOf(row.value) ? [] : [{ name: 'repository.updated', event: { repository } }],
      }
    },
    options,
  )
}

function checked(text: string): string {
  const plain = plainText(text)
  if (plain === undefined) throw new RegistryError('DESCRIPTION_INVALID', 'the description has no character that can be seen')
  return plain
}

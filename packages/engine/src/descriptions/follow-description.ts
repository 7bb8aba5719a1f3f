import type { Context } from '../context.js'
import { rowKeys } from '../keyspace.js'
import { descriptionOf, putRepository, withDerived } from '../repository-row.js'
import { retryConflicts } from '../retry.js'
import { isLiveRow, readRow, readRows, type Row } from '../row-store.js'
import type { Repository } from '../rows.js'
import { newestDescription } from './newest-description.js'
import { tagDescriptions } from './tag-descriptions.js'

/**
 * Has the description of a repository follow tags that were put or deleted.
 *
 * Mostly nothing is to be done: what a tag says is what is known. Where it is not, the newest tag is looked for, under a
 * mark in the repository's row: whoever follows another tag meanwhile replaces the mark, so that what was found too early
 * is not put.
 *
 * @param due - id of the note that stands until this is done
 */
export async function followDescription(context: Context, due: string, repository: string, tags: readonly string[]): Promise<void> {
  const { index, policy } = context
  const key = rowKeys.repository(repository, index.capabilities.limits.spread)
  let first: { readonly mark: string | undefined } | undefined
  await retryConflicts(context, `describing ${repository}`, async () => {
    const row = await readRow(index, key)
    if (!isLiveRow(row)) return
    if (!policy.search) {
      await letGo(context, repository, row)
      return
    }
    const mark = row.value.describing
    first ??= { mark }
    // A mark of another note that came after the first look came after these tags: who put it finds them, or whoever comes by that note.
    if (mark !== undefined && mark !== first.mark && mark !== due) return
    if (await isKnown(context, repository, row.value, tags)) return
    const [revision] = await index.commit([putRepository(context, repository, { ...row.value, describing: due }, row)], { durable: false })
    const newest = await newestDescription(context, repository)
    const described = withDerived(row.value, newest ?? null)
    await index.commit([putRepository(context, repository, described, { revision: revision! })])
    if (descriptionOf(described) !== descriptionOf(row.value)) context.hooks.tell('repository.updated', { repository })
  })
}

/** While nobody looks, what was found is no longer what the manifests say. Whoever looks again begins anew. */
async function letGo({ index }: Context, repository: string, row: Row<Repository>): Promise<void> {
  const { derived, describing } = row.value
  if (derived === undefined && describing === undefined) return
  await index.commit([putRepository({ index }, repository, withDerived(row.value, undefined), row)])
}

/** Whether each of these tags says what is known to describe the repository, or says nothing and never did. */
async function isKnown(context: Context, repository: string, { derived, describing }: Repository, tags: readonly string[]): Promise<boolean> {
  if (describing !== undefined || derived === undefined) return false
  const rows = await readRows(context.index, tags.map((tag) => rowKeys.tag(repository, tag)))
  const textOf = tagDescriptions(context, repository)
  for (const [n, tag] of tags.entries()) {
    const row = rows[n]
    const text = isLiveRow(row) ? await textOf(row.value) : undefined
    if (text === undefined ? derived?.tag === tag : text !== derived?.text) return false
  }
  return true
}

import type { Index } from '@registry/core'
import { rowKeys } from '../keyspace.js'
import { scanRows } from '../row-store.js'
import type { RebuildProblem } from '../rows.js'

/** Tags of which a rebuild left out the last push, since the record of its manifest is nowhere. */
export interface UnansweredPushes {
  /** All of them, also those that `tags` leaves out: it has ten at the most. */
  readonly count: number
  /** The first of them, as `repository:tag`. */
  readonly tags: readonly string[]
}

/** One of them. It lies among what is left out, and is no problem: a push that was answered has both of its records. */
export interface UnansweredPush extends RebuildProblem {
  readonly unanswered: string
}

const mostTags = 10

export function unansweredPush(key: string, { repository, tag }: { readonly repository: string; readonly tag: string }): UnansweredPush {
  return { key, reason: 'its manifest was never recorded', unanswered: `${repository}:${tag}` }
}

export function isUnanswered(row: RebuildProblem | UnansweredPush): row is UnansweredPush {
  return 'unanswered' in row
}

export async function unansweredPushes(index: Index): Promise<UnansweredPushes> {
  const tags: string[] = []
  let count = 0
  for await (const { value } of scanRows<RebuildProblem | UnansweredPush>(index, rowKeys.rebuildProblems())) {
    if (!isUnanswered(value)) continue
    count++
    if (tags.length < mostTags) tags.push(value.unanswered)
  }
  return { count, tags }
}

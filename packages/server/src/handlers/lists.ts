import type { Exchange } from '../exchange.js'
import { sendJson } from '../send-json.js'

interface TagsRequest {
  readonly repository: string
  readonly limit: number | undefined
  readonly after: string | undefined
}

/** Many clients do not follow `Link`, so that a page without `n` is as large as one with any `n` may be. */
const mostTags = 10_000

/** end-8. */
export async function listTags({ registry, reply }: Exchange, { repository, limit = mostTags, after }: TagsRequest): Promise<void> {
  const n = Math.min(limit, mostTags)
  const { tags, more } = await registry.tags.list(repository, { limit: n, after })
  const last = tags.at(-1)
  if (more && last !== undefined) reply.header('link', `</v2/${repository}/tags/list?n=${n}&last=${encodeURIComponent(last)}>; rel="next"`)
  await sendJson(reply, { name: repository, tags })
}

import type { Exchange } from '../exchange.js'
import { nextPage } from '../page-link.js'
import { sendJson } from '../send-json.js'

interface Page {
  readonly limit: number | undefined
  readonly after: string | undefined
}

/** end-8a and end-8b. Many clients do not follow `Link`, so that a page without `n` is as large as one with any `n` may be. */
export async function listTags({ registry, settings, reply }: Exchange, { repository, limit, after }: Page & { readonly repository: string }): Promise<void> {
  const n = pageSize(settings, limit)
  const { tags, more } = await registry.tags.list(repository, { limit: n, after })
  if (more && n > 0) reply.header('link', nextPage(settings, `/v2/${repository}/tags/list`, { n: String(n), last: tags.at(-1) }))
  await sendJson(reply, { name: repository, tags })
}

/** `_catalog`, which is no part of the specification and known to every client. */
export async function listRepositories({ registry, settings, reply }: Exchange, { limit, after }: Page): Promise<void> {
  const n = pageSize(settings, limit)
  const { repositories, more } = await registry.repositories.list({ limit: n, after })
  if (more && n > 0) reply.header('link', nextPage(settings, '/v2/_catalog', { n: String(n), last: repositories.at(-1) }))
  await sendJson(reply, { repositories })
}

function pageSize({ limits }: Exchange['settings'], limit = limits.pageEntries): number {
  return Math.min(limit, limits.pageEntries)
}

import { RegistryError } from '@registry/core'
import type { FoundRepositories } from '@registry/engine'
import type { Exchange } from '../exchange.js'
import type { SearchQuery } from '../parse-search.js'
import { sendJson } from '../send-json.js'

/** `/v1/search`, as docker and podman ask the classic registry. */
export async function searchRepositories({ registry, reply }: Exchange, query: SearchQuery): Promise<void> {
  const { text, page, pageSize } = query
  try {
    await sendJson(reply, answerOf(query, await registry.repositories.search(text, { limit: pageSize, skip: (page - 1) * pageSize })))
  } catch (error) {
    if (!isWithoutSearch(error)) throw error
    // The classic registry answered so without a search backend, and clients go on to the next registry.
    await sendJson(reply, { ...answerOf(query, { repositories: [], found: 0, more: false }), switched_off: error.message })
  }
}

function isWithoutSearch(error: unknown): error is RegistryError {
  return RegistryError.is(error, 'DISABLED') || RegistryError.is(error, 'UNSUPPORTED')
}

function answerOf({ text, page, pageSize }: SearchQuery, { repositories, found, more }: FoundRepositories): object {
  return {
    query: text,
    num_results: found,
    num_pages: Math.ceil(found / pageSize),
    page,
    page_size: pageSize,
    results: repositories.map(({ name, description = '' }) => ({ name, description, star_count: 0, is_official: false, is_automated: false })),
    ...(more && { more }),
  }
}

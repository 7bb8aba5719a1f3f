import { errnoOf, isTlsError, messageOf, RegistryError } from '@registry/core'
import { type FoundRepositories, type FoundRepository, visibleText } from '@registry/engine'
import { baseUrl } from '../base-url.js'
import { version } from '../version.js'

/** The largest page that a registry gives. */
const pageSize = 1000
const answerBytes = 32 * 2 ** 20
const timeoutSeconds = 60
const messageCharacters = 1000

/**
 * Searches a registry that is served, page by page as far as `limit` needs.
 *
 * @throws `CONFIG`, `UNAVAILABLE`, or `DISABLED` where search is switched off there
 */
export async function searchOverHttp(url: string, text: string, { limit }: { readonly limit: number }): Promise<FoundRepositories> {
  const base = baseUrl(url, '--url')
  const repositories = new Map<string, FoundRepository>()
  const n = Math.min(limit, pageSize)
  for (let page = 1; ; page++) {
    const answer = await pageAt(base, new URLSearchParams({ q: text, n: String(n), page: String(page) }))
    const before = repositories.size
    for (const repository of answer.repositories) {
      if (repositories.size === limit) break
      if (!repositories.has(repository.name)) repositories.set(repository.name, repository)
    }
    // A page without anything new is the last, whatever it says of others.
    const isLast = repositories.size === before || (page >= answer.pages && !answer.more)
    if (repositories.size === limit || isLast) {
      return { repositories: [...repositories.values()], found: Math.max(answer.found, repositories.size), more: answer.more }
    }
  }
}

interface Page extends FoundRepositories {
  /** How many there are. */
  readonly pages: number
}

async function pageAt(base: string, query: URLSearchParams): Promise<Page> {
  const { response, text } = await answerAt(base, `${base}/v1/search?${query.toString()}`)
  const value = parsed(text)
  if (!response.ok) {
    const { message } = (Array.isArray(value['errors']) ? (value['errors'][0] ?? {}) : {}) as { readonly message?: unknown }
    if (typeof message === 'string' && response.status !== 404) throw new RegistryError('UNAVAILABLE', `${base} answers: ${shown(message)}`)
    throw new RegistryError('UNAVAILABLE', `${base} does not search, it answers ${response.status}; is a registry there?`)
  }
  const { results, num_results: found, num_pages: pages, more, switched_off: switchedOff } = value
  if (typeof switchedOff === 'string') throw new RegistryError('DISABLED', `${base} answers: ${shown(switchedOff)}`)
  if (!Array.isArray(results) || !results.every(isResult)) throw new RegistryError('UNAVAILABLE', `${base} does not answer as a registry does; is one there?`)
  return {
    repositories: results.map(({ name, description }) => ({ name, description: description || undefined })),
    found: Number.isSafeInteger(found) ? Math.max(found as number, 0) : 0,
    pages: typeof pages === 'number' ? pages : 1,
    more: more === true,
  }
}

/** What somebody else's server says, in one line that is not too long. */
function shown(message: string): string {
  const characters = Array.from(visibleText(message))
  return characters.length > messageCharacters ? `${characters.slice(0, messageCharacters - 1).join('')}…` : characters.join('')
}

interface Result {
  readonly name: string
  readonly description?: string | null
}

function isResult(value: unknown): value is Result {
  if (typeof value !== 'object' || value === null) return false
  const { name, description } = value as Readonly<Record<string, unknown>>
  return typeof name === 'string' && ['string', 'undefined'].includes(typeof (description ?? undefined))
}

/** What is no object has nothing in it. */
function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}

async function answerAt(base: string, address: string): Promise<{ readonly response: Response; readonly text: string }> {
  try {
    const headers = { accept: 'application/json', 'user-agent': `registry/${version}` }
    const response = await fetch(address, { headers, signal: AbortSignal.timeout(timeoutSeconds * 1000) })
    return { response, text: await textOf(response, base) }
  } catch (error) {
    if (RegistryError.is(error)) throw error
    throw new RegistryError('UNAVAILABLE', `${base} cannot be reached: ${failureOf(error)}`, { cause: error })
  }
}

async function textOf({ body }: Response, base: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > answerBytes) throw new RegistryError('UNAVAILABLE', `${base} answers with more than ${answerBytes / 2 ** 20} MiB; is a registry there?`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function failureOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer in ${timeoutSeconds} seconds`
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (errnoOf(cause) === 'ECONNREFUSED') return 'nothing listens there; is the registry running?'
  const said = shown(messageOf(cause))
  return isTlsError(cause) ? `${said}; a registry without TLS is one of http://` : said
}

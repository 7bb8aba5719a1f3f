import { isDeepStrictEqual } from 'node:util'
import type { Answer, Expected, ExpectedError, Link, Request } from '../model/exchange.js'
import { errorsOf } from './errors-of.js'

/** Headers that have to be as expected, and absent where nothing is. */
const compared = [
  ...['location', 'range', 'content-range', 'docker-content-digest', 'etag', 'oci-subject', 'oci-tag', 'oci-filters-applied', 'allow', 'accept-ranges'],
  ...['content-disposition', 'vary', 'content-encoding', 'warning', 'retry-after', 'access-control-allow-origin'],
]

/** In what an answer is another than expected, in words. */
export function differences({ method }: Request, expected: Expected, answer: Answer): readonly string[] {
  if (answer.status !== expected.status) return [`status ${answer.status} and not ${expected.status}: ${answer.body.toString().slice(0, 300)}`]
  return [
    ...compared.flatMap((name) => headerDifference(name, expected, answer)),
    ...everywhere(answer),
    ...linkDifference(expected.link, answer),
    ...(method === 'HEAD' ? emptiness(answer) : contentDifferences(expected, answer)),
    ...lengthDifference(expected, answer),
  ]
}

function headerDifference(name: string, { headers, newSession }: Expected, answer: Answer): readonly string[] {
  const actual = answer.headers[name]
  if (name === 'location' && newSession !== undefined) {
    const [path = '', id = ''] = /^(.*)\/([0-9a-f]{32})$/.exec(actual?.[0] ?? '')?.slice(1) ?? []
    return path === `/v2/${newSession}/blobs/uploads` && id !== '' ? [] : [`Location is ${String(actual)} and no new session of ${newSession}`]
  }
  const expected = headers[name]
  const isSame = typeof expected === 'object' ? isDeepStrictEqual(sorted(values(actual)), sorted(expected)) : actual?.join() === expected
  return isSame ? [] : [`${name} is ${String(actual)} and not ${String(expected)}`]
}

/** Of a list, however it is spread over lines. */
function values(lines: readonly string[] = []): readonly string[] {
  return lines.flatMap((line) => line.split(',').map((value) => value.trim()))
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...texts].sort()
}

/** What every answer has. */
function everywhere({ headers }: Answer): readonly string[] {
  const always = { 'docker-distribution-api-version': 'registry/2.0', 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox" }
  return Object.entries(always).flatMap(([name, value]) => (headers[name]?.join() === value ? [] : [`${name} is ${String(headers[name])}`]))
}

function linkDifference(expected: Link | undefined, { headers }: Answer): readonly string[] {
  const actual = headers['link']?.join()
  const target = /^<([^>]*)>; rel="next"$/.exec(actual ?? '')?.[1]
  const [path, query] = target?.split('?', 2) ?? []
  const link = path === undefined ? undefined : { path, query: Object.fromEntries(new URLSearchParams(query)) }
  return isDeepStrictEqual(link, expected) && (actual === undefined) === (link === undefined) ? [] : [`Link is ${String(actual)} and not ${JSON.stringify(expected)}`]
}

function emptiness({ body }: Answer): readonly string[] {
  return body.length === 0 ? [] : [`an answer to HEAD has ${body.length} bytes`]
}

function contentDifferences({ errors, body, headers }: Expected, answer: Answer): readonly string[] {
  if (errors) return errorDifferences(errors, answer)
  const type = answer.headers['content-type']?.join()
  const typeDifference = body === undefined || type === headers['content-type'] ? [] : [`content-type is ${String(type)} and not ${String(headers['content-type'])}`]
  if (body === undefined) return answer.body.length === 0 ? [] : [`it has a body: ${answer.body.toString().slice(0, 100)}`]
  if (Buffer.isBuffer(body)) return answer.body.equals(body) ? typeDifference : [`the bytes differ: ${answer.body.length} and not ${body.length}`]
  return isDeepStrictEqual(JSON.parse(answer.body.toString()), plain(body.json)) ? typeDifference : [`the body is ${answer.body.toString()} and not ${JSON.stringify(body.json)}`]
}

function errorDifferences(expected: readonly ExpectedError[], answer: Answer): readonly string[] {
  const errors = errorsOf(answer)
  if (typeof errors === 'string') return [errors]
  const isSame = errors.length === expected.length && expected.every(({ code, names }, n) => isError(errors[n], code, names))
  return isSame ? [] : [`the errors are ${JSON.stringify(errors)} and not ${JSON.stringify(expected)}`]
}

function isError(error: { readonly code: string; readonly detail?: unknown } | undefined, code: string, names: readonly string[] | undefined): boolean {
  if (error?.code !== code) return false
  const detail = JSON.stringify(error.detail ?? null)
  return names?.some((name) => detail.includes(name)) ?? true
}

function lengthDifference({ body, headers, status }: Expected, answer: Answer): readonly string[] {
  const expected = Buffer.isBuffer(body) ? headers['content-length'] : undefined
  const actual = answer.headers['content-length']?.join()
  return expected === undefined || status === 304 || actual === expected ? [] : [`content-length is ${String(actual)} and not ${String(expected)}`]
}

/** As it is once it went through JSON. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

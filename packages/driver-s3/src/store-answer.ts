import { messageOf, nameOf } from './errors.js'

/** The headers of the answer that a request failed with. */
export function headersOf(cause: unknown): Readonly<Record<string, string>> {
  if (!(cause instanceof Error)) return {}
  const { $response: response } = cause as { $response?: { headers?: Record<string, string> } }
  return response?.headers ?? {}
}

/** Whether an answer of failure has a code of S3. What has none comes from a web server, or from a proxy. */
export function isOfS3(cause: unknown): boolean {
  return !['', 'Unknown', 'UnknownError', 'NotFound'].includes(nameOf(cause)) && !messageOf(cause).includes('XML parse error')
}

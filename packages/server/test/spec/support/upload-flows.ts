import { expect } from 'vitest'
import type { TestServer } from '../../support/test-server.js'
import type { Content } from './content.js'
import { sendChunk, startSession } from './sessions.js'

/** Pushes the bytes under the digest that is claimed for them. The answer is that of the last request. */
export type UploadFlow = (server: TestServer, repository: string, content: Content) => Promise<Response>

const octetStream = { 'content-type': 'application/octet-stream' }

const singlePost: UploadFlow = ({ send }, repository, { bytes, digest }) =>
  send('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, { headers: octetStream, body: bytes })

const postPut: UploadFlow = async (server, repository, { bytes, digest }) => {
  const location = await startSession(server, repository, algorithmQuery(digest))
  return server.send('PUT', `${location}?digest=${digest}`, { headers: octetStream, body: bytes })
}

/** Three chunks, the last of them shorter, and a PUT without a body. */
const chunked: UploadFlow = async (server, repository, { bytes, digest }) => {
  const location = await patchChunks(server, repository, { bytes, digest }, 3)
  return server.send('PUT', `${location}?digest=${digest}`)
}

/** Two chunks, and the third in the PUT. */
const chunkedWithLast: UploadFlow = async (server, repository, { bytes, digest }) => {
  const location = await patchChunks(server, repository, { bytes, digest }, 2)
  return sendChunk(server, 'PUT', `${location}?digest=${digest}`, { bytes, start: 2 * chunkSize(bytes) })
}

/** One PATCH with neither `Content-Length` nor `Content-Range`, as docker sends it. */
const streamed: UploadFlow = async (server, repository, { bytes, digest }) => {
  const location = await startSession(server, repository, algorithmQuery(digest))
  const patched = await server.send('PATCH', location, { headers: octetStream, body: new Blob([new Uint8Array(bytes)]).stream() })
  expect(patched.status).toBe(202)
  expect(patched.headers.get('range')).toBe(`0-${Math.max(bytes.length - 1, 0)}`)
  return server.send('PUT', `${patched.headers.get('location')!}?digest=${digest}`)
}

/** Every way in which the specification lets a client push a blob. */
export const uploadFlows: readonly (readonly [name: string, flow: UploadFlow])[] = [
  ['a single POST', singlePost],
  ['POST and PUT', postPut],
  ['chunks', chunked],
  ['chunks, the last one in the PUT', chunkedWithLast],
  ['a stream without a length', streamed],
]

/** Pushes blobs that a test needs. */
export async function pushContent(server: TestServer, repository: string, ...contents: readonly Content[]): Promise<void> {
  for (const content of contents) expect((await postPut(server, repository, content)).status).toBe(201)
}

async function patchChunks(server: TestServer, repository: string, { bytes, digest }: Content, count: number): Promise<string> {
  let location = await startSession(server, repository, algorithmQuery(digest))
  for (let start = 0; start < count * chunkSize(bytes); start += chunkSize(bytes)) {
    const end = Math.min(start + chunkSize(bytes), bytes.length)
    const patched = await sendChunk(server, 'PATCH', location, { bytes, start, end })
    expect(patched.status).toBe(202)
    expect(patched.headers.get('range')).toBe(`0-${end - 1}`)
    location = patched.headers.get('location')!
  }
  return location
}

function chunkSize(bytes: Buffer): number {
  return Math.ceil(bytes.length / 3)
}

/** sha256 is the default, and goes without saying. */
function algorithmQuery(digest: string): string {
  return digest.startsWith('sha256:') ? '' : `?digest-algorithm=${digest.split(':')[0]!}`
}

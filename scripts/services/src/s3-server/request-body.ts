import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { decodeAwsChunked } from './aws-chunked.js'
import type { S3Request } from './parse-request.js'
import { S3Error } from './s3-error.js'

/** A body that was received whole. */
export interface StoredBody {
  readonly size: number
  /** In hexadecimal. Of a body that was not hashed, as many digits that tell it from others. */
  readonly md5: string
  /** Absent where it was discarded. */
  readonly pieces?: readonly Buffer[]
  /** What the client sent along and was found right, by the names of the headers. */
  readonly checksums: Readonly<Record<string, string>>
}

export interface ReceiveOptions {
  /** Bodies of more bytes are hashed and discarded. */
  readonly keepUpTo: number
  /** Whether the SHA-256 that a body was signed with is taken for its own, and nothing is hashed where nothing else came along. */
  readonly trustHashes: boolean
}

/** Reads a body, and refuses it where its length or a checksum that came with it does not fit. */
export async function receiveBody({ headers }: S3Request, source: AsyncIterable<Buffer>, options: ReceiveOptions): Promise<StoredBody> {
  const { keepUpTo, trustHashes } = options
  const isChunked = (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-')
  const length = headers[isChunked ? 'x-amz-decoded-content-length' : 'content-length']
  if (length === undefined && 'transfer-encoding' in headers) throw new S3Error('MissingContentLength')
  const trailers = new Map<string, string>()
  const expected = { ...headers }
  // A hash that nobody compares is not worth its time with bodies of gibibytes.
  const declared = headers['x-amz-content-sha256'] ?? ''
  const isDeclared = /^[0-9a-f]{64}$/.test(declared)
  const isTrusted = isDeclared && trustHashes && !('content-md5' in headers)
  const needsSha256 = isDeclared || mentions(headers, 'sha256')
  const hashes = { md5: createHash('md5'), sha1: createHash('sha1'), sha256: createHash('sha256') }
  let crc = 0
  let size = 0
  let pieces: Buffer[] | undefined = []
  for await (const bytes of isChunked ? decodeAwsChunked(source, trailers) : source) {
    size += bytes.length
    if (size > keepUpTo) pieces = undefined
    pieces?.push(bytes)
    if (isTrusted) continue
    hashes.md5.update(bytes)
    if (needsSha256) hashes.sha256.update(bytes)
    if (mentions(headers, 'sha1')) hashes.sha1.update(bytes)
    if (mentions(headers, 'crc32')) crc = crc32(bytes, crc)
  }
  if (size !== Number(length ?? 0)) throw new S3Error('IncompleteBody', `${size} bytes came of ${length ?? 0}`)
  if (isTrusted) return { size, md5: declared.slice(0, 32), checksums: {}, ...(pieces && { pieces }) }
  for (const [name, value] of trailers) expected[name] = value
  const md5 = hashes.md5.digest()
  const sha256 = hashes.sha256.digest()
  if (isDeclared && declared !== sha256.toString('hex')) throw new S3Error('XAmzContentSHA256Mismatch')
  const crcBytes = Buffer.alloc(4)
  crcBytes.writeUInt32BE(crc)
  const found: Readonly<Record<string, Buffer>> = {
    'content-md5': md5,
    'x-amz-checksum-sha1': hashes.sha1.digest(),
    'x-amz-checksum-sha256': sha256,
    'x-amz-checksum-crc32': crcBytes,
  }
  const checked = Object.entries(found).filter(([name]) => expected[name] !== undefined)
  for (const [name, value] of checked) {
    if (expected[name] !== value.toString('base64')) throw new S3Error('BadDigest', `${name} is ${value.toString('base64')}`)
  }
  const checksums = Object.fromEntries(checked.map(([name, value]) => [name, value.toString('base64')]))
  return { size, md5: md5.toString('hex'), checksums, ...(pieces && { pieces }) }
}

function mentions(headers: Readonly<Record<string, string>>, algorithm: string): boolean {
  return `x-amz-checksum-${algorithm}` in headers || headers['x-amz-trailer'] === `x-amz-checksum-${algorithm}`
}

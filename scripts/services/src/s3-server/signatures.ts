import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { S3Request } from './parse-request.js'
import { S3Error } from './s3-error.js'

export interface Signer {
  readonly accessKey: string
  readonly secretKey: string
  readonly region: string
}

interface Signature {
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  /** `20260131T235959Z`. */
  readonly date: string
  readonly payloadHash: string
  /** In seconds, of a presigned request. */
  readonly expires?: number
}

const allowedSkew = 15 * 60_000

/** Refuses a request that is not signed by AWS Signature Version 4, in its headers or in its query, as S3 refuses it. */
export function checkSignature(request: S3Request, { accessKey, secretKey, region }: Signer, now: Date): void {
  const signature = request.query.has('X-Amz-Signature') ? signatureOfQuery(request.query) : signatureOfHeaders(request.headers)
  const [id, day = '', signedRegion = '', service = '', end = ''] = signature.credential.split('/')
  if (id !== accessKey) throw new S3Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.')
  if (signedRegion !== region) {
    throw new S3Error('PermanentRedirect', 'The bucket you are attempting to access must be addressed using the specified endpoint.', {
      'x-amz-bucket-region': region,
    })
  }
  const age = now.getTime() - timeOf(signature.date)
  if (signature.expires === undefined && Math.abs(age) > allowedSkew) {
    throw new S3Error('RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.')
  }
  if (signature.expires !== undefined && age < -allowedSkew) throw new S3Error('AccessDenied', 'Request is not yet valid')
  if (signature.expires !== undefined && age > signature.expires * 1000) throw new S3Error('AccessDenied', 'Request has expired')
  const toSign = ['AWS4-HMAC-SHA256', signature.date, `${day}/${signedRegion}/${service}/${end}`, sha256(canonicalRequest(request, signature))]
  const key = [day, signedRegion, service, end].reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretKey}`)
  const expected = hmac(key, toSign.join('\n'))
  const given = Buffer.from(signature.signature, 'hex')
  if (given.length !== expected.length || !timingSafeEqual(given, expected) || !signature.date.startsWith(day)) {
    throw new S3Error('SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.')
  }
}

function signatureOfQuery(query: URLSearchParams): Signature {
  const expires = Number(query.get('X-Amz-Expires') ?? 'NaN')
  if (!(expires > 0 && expires <= 604_800)) throw new S3Error('InvalidArgument', 'X-Amz-Expires must be less than a week (in seconds)')
  return {
    credential: query.get('X-Amz-Credential') ?? '',
    signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
    signature: query.get('X-Amz-Signature') ?? '',
    date: query.get('X-Amz-Date') ?? '',
    payloadHash: 'UNSIGNED-PAYLOAD',
    expires,
  }
}

function signatureOfHeaders(headers: S3Request['headers']): Signature {
  const found = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(headers['authorization'] ?? '')
  if (!found) throw new S3Error('AccessDenied', 'Access Denied')
  const [, credential = '', signedHeaders = '', signature = ''] = found
  const signed = signedHeaders.split(';')
  const unsigned = Object.keys(headers).filter((name) => (name === 'host' || name.startsWith('x-amz-')) && !signed.includes(name))
  if (unsigned.length > 0) throw new S3Error('AccessDenied', `There were headers present in the request which were not signed: ${unsigned.join()}`)
  return { credential, signedHeaders, signature, date: headers['x-amz-date'] ?? '', payloadHash: headers['x-amz-content-sha256'] ?? '' }
}

function canonicalRequest({ method, path, query, headers }: S3Request, { signedHeaders, payloadHash }: Signature): string {
  const uri = path.split('/').map(decodeURIComponent).map(encode).join('/')
  const parameters = [...query].filter(([name]) => name !== 'X-Amz-Signature').map(([name, value]) => `${encode(name)}=${encode(value)}`)
  const lines = signedHeaders.split(';').map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`)
  return [method, uri, parameters.sort().join('&'), lines.join(''), signedHeaders, payloadHash].join('\n')
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

function timeOf(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'))
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex')
}

function hmac(key: string | Buffer, content: string): Buffer {
  return createHmac('sha256', key).update(content).digest()
}

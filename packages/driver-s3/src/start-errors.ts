import { errnoOf, isTlsError, RegistryError, type ErrorCode } from '@registry/core'
import { messageOf, nameOf, statusOf } from './errors.js'
import { headersOf, isOfS3 } from './store-answer.js'
import type { Settings } from './settings.js'

/** The one line for a start whose request failed with `cause`; `translated` is what an operation would have said. */
export function startError(cause: unknown, settings: Settings, region: string, translated: unknown): RegistryError {
  const error = (code: ErrorCode, message: string): RegistryError => new RegistryError(code, message, { driver: 's3', operation: 'start', cause })
  const { bucket, caFile, credentials, endpoint, proxy } = settings
  const place = `${endpoint ? `at ${endpoint.origin}` : 'on AWS'}${proxy ? ` through the proxy ${proxy.host}` : ''}`
  const key = credentials ? `access key ${credentials.accessKeyId}` : 'access key that was found in the environment'
  const errno = errnoOf(cause)
  const status = statusOf(cause) ?? 0
  const said = messageOf(cause)
  const actualRegion = regionIn(cause)

  switch (nameOf(cause)) {
    case 'NoSuchBucket':
      return error('CONFIG', `bucket: there is no bucket ${bucket} ${place}: make it, or correct the name`)
    case 'InvalidBucketName':
      return error('CONFIG', `bucket: ${bucket} is no name that a bucket can have`)
    case 'InvalidAccessKeyId':
      return error('ACCESS_DENIED', `accessKey: the store ${place} does not know the ${key}`)
    case 'SignatureDoesNotMatch':
      return error('ACCESS_DENIED', `secretKey: it is not that of the ${key}: copy it again`)
    case 'ExpiredToken':
    case 'InvalidToken':
      return error('ACCESS_DENIED', `sessionToken: the credentials have expired or are not valid: get new ones`)
    case 'RequestTimeTooSkewed':
      return error('CONFIG', `the clock of this machine differs from that of the store ${place}: set it, by NTP for instance`)
  }
  if (actualRegion !== undefined && actualRegion !== region) {
    return error('CONFIG', `region: bucket ${bucket} is in ${actualRegion}, not in ${region}: set region to ${actualRegion}`)
  }
  if (status === 407) return error('CONFIG', `proxy: ${proxy?.host ?? 'one'} asks for another user or password (407)`)
  if (status >= 500 && !isOfS3(cause)) return error('UNAVAILABLE', `the store ${place} is out of order: it answered ${status}`)
  if (status > 0 && !isOfS3(cause)) return error('CONFIG', notS3(place, status, headersOf(cause)['location']))
  if ([301, 307].includes(status)) {
    return error('CONFIG', `region: bucket ${bucket} is not in ${region}, or has another endpoint than ${endpoint?.origin ?? 'this'}`)
  }
  if (isTlsError(cause)) {
    if (errno === 'EPROTO') return error('CONFIG', `endpoint: what listens ${place} speaks no TLS: ${said}: is it http://?`)
    const advice = caFile === undefined ? 'give the certificate of its authority as caFile, or correct the endpoint' : `${caFile} does not help`
    return error('CONFIG', `TLS with the store ${place} failed: ${said}: ${advice}`)
  }
  if (errno === 'ENOTFOUND') return error('CONFIG', noAddress(settings, region, said))
  if (errno !== '' || nameOf(cause) === 'TimeoutError') {
    const hint = endpoint?.protocol === 'http:' && /^(?:ECONNRESET|EPIPE|HPE_.*)$/.test(errno) ? ': is it https://?' : ''
    return error('UNAVAILABLE', `the store ${place} cannot be reached: ${said}${hint}`)
  }
  if (status === 403) return error('ACCESS_DENIED', `the ${key} may not list bucket ${bucket}: it needs s3:ListBucket (${nameOf(cause)})`)
  return RegistryError.is(translated) ? translated : error('INTERNAL', said)
}

/** The one line for a start that found no credentials. */
export function credentialsError(cause: unknown): RegistryError {
  const said = messageOf(cause)
  // This is what the chain says when none of its sources had anything to say.
  const reason = said.startsWith('Could not load credentials from any providers') ? '' : ` (${said})`
  const message = `accessKey: there are no credentials${reason}: give accessKey and secretKey, or a role`
  return new RegistryError('CONFIG', message, { driver: 's3', operation: 'start', cause })
}

/** What is said where something answers that is no store. */
export function notS3(place: string, status: number, location?: string): string {
  const elsewhere = location !== undefined && URL.canParse(location) ? `: it sends requests on to ${new URL(location).origin}` : ''
  return `endpoint: what answers ${place} does not speak S3 (${status})${elsewhere || ': is the URL that of the store?'}`
}

function noAddress({ endpoint, proxy }: Settings, region: string, said: string): string {
  if (proxy && said.endsWith(` ${proxy.hostname}`)) return `proxy: its host ${proxy.hostname} has no address: ${said}`
  if (endpoint) return `endpoint: the host of ${endpoint.origin} has no address: ${said}`
  return `region: S3 in ${region} has no address: ${said}: is that the name of the region, and is there a network?`
}

/** Where the store says that the bucket is. */
function regionIn(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  const { Region: region } = cause as { Region?: string }
  return headersOf(cause)['x-amz-bucket-region'] ?? region
}

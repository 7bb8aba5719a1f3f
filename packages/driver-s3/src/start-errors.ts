import { RegistryError, type ErrorCode } from '@registry/core'
import { errnoOf, isTlsError, messageOf, nameOf, statusOf } from './errors.js'
import type { Settings } from './settings.js'

/** The one line for a start that failed with `cause`; `translated` is what an operation would have said. */
export function startError(cause: unknown, settings: Settings, region: string, translated: unknown): RegistryError {
  const error = (code: ErrorCode, message: string): RegistryError => new RegistryError(code, message, { driver: 's3', operation: 'start', cause })
  const { bucket, caFile, credentials } = settings
  const place = settings.endpoint ? `at ${settings.endpoint.origin}` : 'on AWS'
  const key = credentials ? `access key ${credentials.accessKeyId}` : 'access key that was found in the environment'
  const errno = errnoOf(cause)
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
    case 'CredentialsProviderError':
      return error('CONFIG', 'accessKey: there are no credentials: give accessKey and secretKey, or a role')
  }
  if (actualRegion !== undefined && actualRegion !== region) {
    return error('CONFIG', `region: bucket ${bucket} is in ${actualRegion}, not in ${region}: set region to ${actualRegion}`)
  }
  if ([301, 307].includes(statusOf(cause) ?? 0)) {
    return error('CONFIG', `region: bucket ${bucket} is not in ${region}, or has another endpoint than ${settings.endpoint?.origin ?? 'this'}`)
  }
  if (isTlsError(cause)) {
    if (errno === 'EPROTO') return error('CONFIG', `endpoint: what listens ${place} speaks no TLS: ${messageOf(cause)}: is it http://?`)
    const advice = caFile === undefined ? 'give the certificate of its authority as caFile, or correct the endpoint' : `${caFile} does not help`
    return error('CONFIG', `TLS with the store ${place} failed: ${messageOf(cause)}: ${advice}`)
  }
  if (errno === 'ENOTFOUND') return error('CONFIG', `endpoint: the host of the store ${place} has no address: ${messageOf(cause)}`)
  if (errno !== '' || nameOf(cause) === 'TimeoutError') return error('UNAVAILABLE', `the store ${place} cannot be reached: ${messageOf(cause)}`)
  if (statusOf(cause) === 403) return error('ACCESS_DENIED', `the ${key} may not list bucket ${bucket}: it needs s3:ListBucket (${nameOf(cause)})`)
  return RegistryError.is(translated) ? translated : error('INTERNAL', messageOf(cause))
}

/** Where the store says that the bucket is. */
function regionIn(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  const { $response: response, Region: region } = cause as { $response?: { headers?: Record<string, string> }; Region?: string }
  return response?.headers?.['x-amz-bucket-region'] ?? region
}

import { type ErrorCode, errnoOf, isTlsError, messageOf, RegistryError } from '@registry/core'
import { nameOf, statusOf } from './answer.js'
import type { Service } from './service.js'
import type { Settings } from './settings.js'

/** Runs a start, and tells what it fails for in one line that names the option to look at. */
export async function explainingStart({ client, settings }: Service, start: () => Promise<void>): Promise<void> {
  await client.config.credentials().catch((cause: unknown) => Promise.reject(credentialsError(cause)))
  try {
    await start()
  } catch (error) {
    throw RegistryError.is(error) ? startError(error, settings, await client.config.region().catch(() => 'unknown')) : error
  }
}

/** The option for which a request is sent. */
const optionBehind: Readonly<Record<string, string>> = { UpdateTable: 'deletionProtection', UpdateContinuousBackups: 'pointInTimeRecovery' }

function startError(error: RegistryError, settings: Settings, region: string): RegistryError {
  const { cause, operation = '' } = error
  // What found its own words.
  if (cause === undefined || error.code === 'CONFIG') return error
  const explained = (code: ErrorCode, message: string): RegistryError =>
    new RegistryError(code, message, { driver: 'dynamodb', operation: 'open', cause })
  const { credentials, endpoint, entryTable, versionTable } = settings
  const place = endpoint ? `at ${endpoint.origin}` : `in ${region}`
  const key = credentials ? `access key ${credentials.accessKeyId}` : 'access key that was found in the environment'
  const said = messageOf(cause)
  switch (nameOf(cause)) {
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
      return explained('ACCESS_DENIED', `accessKey: DynamoDB ${place} does not know the ${key}, or its session token is not valid`)
    case 'InvalidSignatureException':
      return explained('ACCESS_DENIED', `secretAccessKey: it is not that of the ${key}, or the clock of this machine is wrong`)
    case 'ExpiredTokenException':
      return explained('ACCESS_DENIED', 'sessionToken: the credentials have expired: get new ones')
    case 'AccessDeniedException':
      return explained('ACCESS_DENIED', `accessKey: the ${key} may not ${operation} on ${entryTable} or ${versionTable} ${place}: ${said}`)
    case 'ValidationException':
      return explained('CONFIG', `DynamoDB ${place} refuses ${operation}: ${said}`)
    case 'UnknownOperationException':
      return explained('UNSUPPORTED', `${optionBehind[operation] ?? 'endpoint'}: DynamoDB ${place} does not know ${operation}`)
  }
  const isPlain = errnoOf(cause) === 'EPROTO'
  if (isTlsError(cause)) return explained('CONFIG', `endpoint: TLS with DynamoDB ${place} failed: ${said}${isPlain ? ': is it http://?' : ''}`)
  if (errnoOf(cause) === 'ENOTFOUND') return explained('CONFIG', `${endpoint ? 'endpoint' : 'region'}: DynamoDB ${place} has no address: ${said}`)
  const status = statusOf(cause)
  const isOther = status !== undefined && (error.code === 'INTERNAL' || status < 300)
  if (isOther) return explained('CONFIG', `endpoint: what answers ${place} does not speak DynamoDB (${status}): is the URL that of the service?`)
  const option = endpoint && status === undefined ? 'endpoint: ' : ''
  if (error.code === 'UNAVAILABLE') return explained('UNAVAILABLE', `${option}DynamoDB ${place} cannot be used: ${error.message}`)
  return error
}

function credentialsError(cause: unknown): RegistryError {
  const said = messageOf(cause)
  // This is what the chain says when none of its sources had anything to say.
  const reason = said.startsWith('Could not load credentials from any providers') ? '' : ` (${said})`
  const message = `accessKey: there are no credentials${reason}: give accessKey and secretAccessKey, or a role`
  return new RegistryError('CONFIG', message, { driver: 'dynamodb', operation: 'open', cause })
}

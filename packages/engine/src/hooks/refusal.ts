import { type ErrorCode, RegistryError } from '@registry/core'
import { plainText } from '../plain-text.js'

/** What says that the registry failed, and nothing of the push: a check may have asked it something. */
const failures: readonly ErrorCode[] = ['UNAVAILABLE', 'CLOSED', 'NO_SPACE', 'ACCESS_DENIED', 'CORRUPT', 'INTERNAL']

/** What a push is refused with where a check throws. */
export function refusalOf(error: unknown): RegistryError {
  if (RegistryError.is(error, 'DENIED', ...failures)) return error
  const text = plainText(error instanceof Error ? error.message : String(error))
  return new RegistryError('DENIED', text ?? 'whoever runs this registry has a check that refuses this', { cause: error })
}

import { type ErrorCode, RegistryError } from '@registry/core'
import { plainText } from '../plain-text.js'

/** What says that the registry failed, and nothing of the push: a check may have asked it something. */
const failures: readonly ErrorCode[] = ['UNAVAILABLE', 'CLOSED', 'NO_SPACE', 'ACCESS_DENIED', 'CORRUPT', 'INTERNAL']

const wordless = 'whoever runs this registry has a check that refuses this'

/** What a push is refused with where a check throws. */
export function refusalOf(error: unknown): RegistryError {
  try {
    if (RegistryError.is(error, 'DENIED', ...failures)) return error
    const said: unknown = error instanceof Error ? error.message : error
    return new RegistryError('DENIED', plainText(String(said)) ?? wordless, { cause: error })
  } catch {
    // Anything can be thrown, also what cannot be looked at.
    return new RegistryError('DENIED', wordless)
  }
}

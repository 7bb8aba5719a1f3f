import { RegistryError } from '@registry/core'

/** An error of an option, or of what it leads to. `message` begins with the option. */
export function configError(message: string, cause?: unknown): RegistryError {
  return new RegistryError('CONFIG', message, { driver: 'dynamodb', operation: 'open', ...(cause === undefined ? {} : { cause }) })
}

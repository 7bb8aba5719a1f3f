import { RegistryError } from '@registry/core'

/** Whether it failed since a disk is full or a quota used up. */
export function isNoRoom(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as NodeJS.ErrnoException
  return RegistryError.is(error, 'NO_SPACE') || code === 'ENOSPC' || code === 'EDQUOT' || isNoRoom(error.cause)
}

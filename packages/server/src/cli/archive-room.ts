import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { RegistryError } from '@registry/core'

const unchanged = 'no part of an archive was left, and the registry is as it was'

/**
 * The error where an archive does not fit on its disk, which is seldom that of the registry.
 *
 * @param target - path of the archive; `undefined` is stdout
 */
export function archiveDoesNotFit(target: string | undefined, cause: unknown): RegistryError {
  const message =
    target === undefined
      ? 'no room is left where stdout goes, and what was written there is no whole archive: make room there, or write it to another disk'
      : `no room is left for ${target} on the disk of ${dirname(target)}: make room there, or name a file on another disk; ${unchanged}`
  return new RegistryError('NO_SPACE', message, { cause })
}

/** The error where the copy of the index does not fit, which is made beside the archive. */
export function copyDoesNotFit(target: string | undefined, cause: unknown): RegistryError {
  if (target !== undefined) return archiveDoesNotFit(target, cause)
  const message = `no room is left on the disk of ${tmpdir()} for a copy of the index: make room there, or name a folder on another disk in TMPDIR; ${unchanged}`
  return new RegistryError('NO_SPACE', message, { cause })
}

import { tmpdir } from 'node:os'
import { type ErrorCode, RegistryError } from '@registry/core'
import { isNoRoom } from './no-room.js'

/** The error where no new index was made: everything is as it was. */
export function rebuildNotBegun(folder: string, cause: unknown): RegistryError {
  return failure(folder, cause, (todo) => `the index that was there is in its place again: ${todo} \`registry rebuild\` once more`)
}

/**
 * The error where a rebuild ended in the middle, with the storage in the hands of the new index.
 *
 * @param aside - where the index from before is
 */
export function rebuildCut(folder: string, aside: string | undefined, cause: unknown): RegistryError {
  const kept = aside === undefined ? '' : `; the index from before is kept as ${aside}`
  return failure(folder, cause, (todo) => `the new index does not have everything yet: ${todo} \`registry rebuild\` or \`registry serve\`, which go on with it${kept}`)
}

/** The error where a dry run ended: it keeps its index among the temporary files. */
export function dryRunCut(cause: unknown): RegistryError {
  const noRoom = `no room is left on the disk of ${tmpdir()} for the index of a dry run: make room there, or name a folder on another disk in TMPDIR`
  return new RegistryError(codeOf(cause), `${isNoRoom(cause) ? noRoom : reasonOf(cause)}; nothing was changed`, { cause })
}

function failure(folder: string, cause: unknown, outcome: (todo: string) => string): RegistryError {
  const message = isNoRoom(cause) ? `no room is left on the disk of ${folder}, and ${outcome('make room, then run')}` : `${reasonOf(cause)}; ${outcome('run')}`
  return new RegistryError(codeOf(cause), message, { cause })
}

function codeOf(error: unknown): ErrorCode {
  if (isNoRoom(error)) return 'NO_SPACE'
  return RegistryError.is(error) ? error.code : 'INTERNAL'
}

/** What a rebuild in the background says of itself is of one that goes on, which a command does not. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return RegistryError.is(error.cause) ? error.cause.message : error.message
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { RegistryError } from '@registry/core'
import { copyIndex } from '@registry/index-sqlite'
import { copyDoesNotFit } from './archive-room.js'
import { isNoRoom } from './no-room.js'

/**
 * Lets somebody use a copy of the index as it is at one moment, which is gone afterwards.
 *
 * @param target - the archive, beside which it is made; `undefined` makes it in the folder for temporary files
 * @throws `NO_SPACE` where it does not fit
 */
export async function withCopyOfIndex(indexFile: string, target: string | undefined, use: (copy: string) => Promise<void>): Promise<void> {
  let scratch: string | undefined
  try {
    scratch = await mkdtemp(join(target === undefined ? tmpdir() : dirname(target), '.registry-backup-'))
    const copy = join(scratch, 'index.sqlite')
    await copyIndex(indexFile, copy)
    await use(copy)
  } catch (error) {
    throw isNoRoom(error) && !isOfRegistry(error) ? copyDoesNotFit(target, error) : error
  } finally {
    if (scratch !== undefined) await rm(scratch, { recursive: true })
  }
}

/** Beside the index itself, SQLite may make the file that processes share; everything else that is written belongs to the copy. */
function isOfRegistry(error: unknown): boolean {
  return RegistryError.is(error) && error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'SQLITE_IOERR_SHMSIZE'
}

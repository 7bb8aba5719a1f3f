import { type ErrorCode, RegistryError } from '@registry/core'
import { CommitError, sqliteCode } from './database.js'
import { DamagedRowError } from './entry.js'

/** What went wrong with a file, and what its owner can do about it; each a part of one sentence. */
interface Trouble {
  readonly code: ErrorCode
  readonly what: string
  readonly todo: string
}

const trouble = (code: ErrorCode, what: string, todo: string): Trouble => ({ code, what, todo })
const permissions = 'check owner and permissions of the file and its directory'
const room = 'make room: nothing was changed, and it goes on when there is some'
const disk = 'look into the log of the system, and check the disk'
const path = 'choose another path'
export const aside = 'put it aside with its -wal and -shm files, and restore it or let the registry rebuild it'

/** What codes of SQLite mean, by their beginning. */
const meanings: Readonly<Record<string, Trouble>> = {
  SQLITE_BUSY: trouble('UNAVAILABLE', 'another process kept it locked longer than busyTimeout', 'try again, or end the process that holds it'),
  SQLITE_LOCKED: trouble('UNAVAILABLE', 'it is locked', 'try again'),
  SQLITE_FULL: trouble('NO_SPACE', 'the disk is full', room),
  // The file that processes share could not grow.
  SQLITE_IOERR_SHMSIZE: trouble('NO_SPACE', 'the disk is full', room),
  SQLITE_READONLY: trouble('ACCESS_DENIED', 'it cannot be written', permissions),
  SQLITE_PERM: trouble('ACCESS_DENIED', 'it cannot be opened', permissions),
  SQLITE_AUTH: trouble('ACCESS_DENIED', 'it cannot be opened', permissions),
  SQLITE_CANTOPEN: trouble('ACCESS_DENIED', 'it, or its -wal file beside it, cannot be opened', permissions),
  SQLITE_NOTADB: trouble('CORRUPT', 'it is no SQLite database', 'put it aside, or choose another file'),
  SQLITE_CORRUPT: trouble('CORRUPT', 'it is damaged', aside),
  SQLITE_IOERR: trouble('UNAVAILABLE', 'the disk reported an error', disk),
  SQLITE_TOOBIG: trouble('LIMIT_EXCEEDED', 'a value is larger than SQLite takes', 'lower the limits'),
}

/** What codes of the file system mean. */
const fileMeanings: Readonly<Record<string, Trouble>> = {
  EACCES: trouble('ACCESS_DENIED', 'permission denied', permissions),
  EPERM: trouble('ACCESS_DENIED', 'permission denied', permissions),
  EROFS: trouble('ACCESS_DENIED', 'the file system is read-only', 'mount it writable, or choose another path'),
  ENOSPC: trouble('NO_SPACE', 'the disk is full', room),
  EDQUOT: trouble('NO_SPACE', 'the quota is used up', room),
  EIO: trouble('UNAVAILABLE', 'the disk reported an error', disk),
  EMFILE: trouble('UNAVAILABLE', 'this process has too many open files', 'raise its limit'),
  ENFILE: trouble('UNAVAILABLE', 'the system has too many open files', 'raise its limit'),
  ENOTDIR: trouble('CONFIG', 'a part of the path is a file, not a directory', path),
  EEXIST: trouble('CONFIG', 'a part of the path is a file, not a directory', path),
  ENAMETOOLONG: trouble('CONFIG', 'the path is too long', path),
}

/** An error that names the file, says what is wrong with it and what to do, in one line. */
export function fileError(
  file: string,
  code: ErrorCode,
  what: string,
  todo: string,
  options: { readonly operation: string; readonly cause?: unknown; readonly outcome?: 'unknown' | undefined },
): RegistryError {
  return new RegistryError(code, `${file}: ${what}; ${todo}`, { driver: 'sqlite', ...options })
}

/** What SQLite or the file system threw, as an error of the contract that names the file; anything else as it is. */
export function translated(error: unknown, file: string, operation: string): unknown {
  if (error instanceof DamagedRowError) return fileError(file, 'CORRUPT', `it is damaged (${error.message})`, aside, { operation, cause: error })
  const cause = error instanceof CommitError ? error.cause : error
  const sqlite = sqliteCode(cause)
  const code = sqlite ?? fileCode(cause)
  const meaning = sqlite === undefined ? fileMeanings[code] : sqliteMeaning(sqlite)
  if (meaning === undefined) return cause
  // A COMMIT that met an error of the disk may be found in the log after a crash, or not.
  const unknown = error instanceof CommitError && code.startsWith('SQLITE_IOERR')
  const options = { operation, cause, ...(unknown ? { outcome: 'unknown' as const } : {}) }
  return fileError(file, meaning.code, `${meaning.what} (${code})`, meaning.todo, options)
}

/** The meaning that says most about it. */
function sqliteMeaning(code: string): Trouble | undefined {
  const beginnings = Object.keys(meanings).filter((beginning) => code.startsWith(beginning))
  const longest = beginnings.sort((a, b) => b.length - a.length)[0]
  return longest === undefined ? undefined : meanings[longest]
}

function fileCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && Object.hasOwn(fileMeanings, code) ? code : ''
}

import { type ErrorCode, RegistryError } from '@registry/core'
import { CommitError, sqliteCode } from './database.js'

/** What codes of SQLite mean, by their beginning, and what to do about it. */
const meanings: readonly (readonly [beginning: string, code: ErrorCode, what: string])[] = [
  ['SQLITE_BUSY', 'UNAVAILABLE', 'another process kept it locked longer than busyTimeout'],
  ['SQLITE_LOCKED', 'UNAVAILABLE', 'it is locked'],
  ['SQLITE_FULL', 'NO_SPACE', 'the disk is full; nothing was changed, and it goes on when there is room'],
  ['SQLITE_READONLY', 'ACCESS_DENIED', 'it cannot be written; check the permissions of the file and its directory'],
  ['SQLITE_PERM', 'ACCESS_DENIED', 'it cannot be opened; check its permissions'],
  ['SQLITE_AUTH', 'ACCESS_DENIED', 'it cannot be opened; check its permissions'],
  ['SQLITE_CANTOPEN', 'ACCESS_DENIED', 'it cannot be opened; check that it is a file, and the permissions of it and its directory'],
  ['SQLITE_NOTADB', 'CORRUPT', 'it is no SQLite database; put it aside, or choose another file'],
  ['SQLITE_CORRUPT', 'CORRUPT', 'it is damaged; put it aside with its -wal and -shm files, and restore or rebuild it'],
  ['SQLITE_IOERR', 'UNAVAILABLE', 'the disk reported an error'],
  ['SQLITE_TOOBIG', 'LIMIT_EXCEEDED', 'a value is larger than SQLite takes'],
]

/** What codes of the file system mean. */
const fileMeanings: Readonly<Record<string, readonly [code: ErrorCode, what: string]>> = {
  EACCES: ['ACCESS_DENIED', 'permission denied'],
  EPERM: ['ACCESS_DENIED', 'permission denied'],
  EROFS: ['ACCESS_DENIED', 'the file system is read-only'],
  ENOSPC: ['NO_SPACE', 'the disk is full'],
  EDQUOT: ['NO_SPACE', 'the quota is used up'],
  ENOTDIR: ['CONFIG', 'a part of the path is a file, not a directory'],
  EEXIST: ['CONFIG', 'a part of the path is a file, not a directory'],
  ENAMETOOLONG: ['CONFIG', 'the path is too long'],
}

/** What SQLite or the file system threw, as an error of the contract that names the file; anything else as it is. */
export function translated(error: unknown, file: string, operation: string): unknown {
  const cause = error instanceof CommitError ? error.cause : error
  const code = sqliteCode(cause)
  const meaning = code === undefined ? fileMeaning(cause) : sqliteMeaning(code)
  if (meaning === undefined) return cause
  const [meant, what] = meaning
  // A COMMIT that met an error of the disk may be found in the log after a crash, or not.
  const unknown = error instanceof CommitError && code?.startsWith('SQLITE_IOERR') === true
  const options = { driver: 'sqlite', operation, cause, ...(unknown ? { outcome: 'unknown' as const } : {}) }
  return new RegistryError(meant, `${file}: ${what} (${code ?? (cause as NodeJS.ErrnoException).code})`, options)
}

function sqliteMeaning(code: string): readonly [ErrorCode, string] | undefined {
  const found = meanings.find(([beginning]) => code.startsWith(beginning))
  return found && [found[1], found[2]]
}

function fileMeaning(error: unknown): readonly [ErrorCode, string] | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && Object.hasOwn(fileMeanings, code) ? fileMeanings[code] : undefined
}

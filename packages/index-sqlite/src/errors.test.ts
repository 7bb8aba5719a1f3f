import { RegistryError } from '@registry/core'
import { describe, expect, it } from 'vitest'
import { CommitError, openDatabase } from './database.js'
import { translated } from './errors.js'
import { expectMessage } from '../test/expect-trouble.js'

/** An error as SQLite throws it, with another code. */
function sqliteError(code: string): unknown {
  const database = openDatabase(':memory:', 0)
  try {
    database.exec('SELECT * FROM nothing')
    return undefined
  } catch (error) {
    return Object.assign(error as object, { code })
  } finally {
    database.close()
  }
}

describe('translated', () => {
  it('gives codes of SQLite their meaning, and names the file', () => {
    const meanings = {
      SQLITE_BUSY: 'UNAVAILABLE',
      SQLITE_BUSY_RECOVERY: 'UNAVAILABLE',
      SQLITE_FULL: 'NO_SPACE',
      SQLITE_READONLY_DIRECTORY: 'ACCESS_DENIED',
      SQLITE_CANTOPEN: 'ACCESS_DENIED',
      SQLITE_NOTADB: 'CORRUPT',
      SQLITE_CORRUPT_VTAB: 'CORRUPT',
      SQLITE_IOERR_WRITE: 'UNAVAILABLE',
      SQLITE_IOERR_SHMSIZE: 'NO_SPACE',
    }
    for (const [code, meaning] of Object.entries(meanings)) {
      const error = translated(sqliteError(code), '/data/index.sqlite', 'scan')
      expect(error).toMatchObject({ code: meaning, driver: 'sqlite', operation: 'scan', outcome: undefined })
      expectMessage((error as Error).message, '/data/index.sqlite', ' ')
      expect((error as Error).message).toContain(code)
    }
  })

  it('gives codes of the file system their meaning, and names the file', () => {
    const meanings = { EACCES: 'ACCESS_DENIED', EPERM: 'ACCESS_DENIED', EROFS: 'ACCESS_DENIED', ENOSPC: 'NO_SPACE', EDQUOT: 'NO_SPACE', EIO: 'UNAVAILABLE', EMFILE: 'UNAVAILABLE', ENOTDIR: 'CONFIG', ENAMETOOLONG: 'CONFIG' }
    for (const [code, meaning] of Object.entries(meanings)) {
      const error = translated(Object.assign(new Error('failed'), { code }), '/data/index.sqlite', 'open')
      expect(error).toMatchObject({ code: meaning, driver: 'sqlite', operation: 'open' })
      expectMessage((error as Error).message, '/data/index.sqlite', ' ')
    }
  })

  it('says that the outcome is unknown where the disk failed in a COMMIT', () => {
    const failed = (code: string): unknown => translated(new CommitError('', { cause: sqliteError(code) }), 'f', 'commit')
    expect(failed('SQLITE_IOERR_FSYNC')).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
    expect(failed('SQLITE_FULL')).toMatchObject({ code: 'NO_SPACE', outcome: undefined })
  })

  it('passes on what it does not know', () => {
    for (const error of [new TypeError('x'), new RegistryError('CONFLICT', 'x'), 'text', undefined]) expect(translated(error, 'f', 'get')).toBe(error)
    const unknown = sqliteError('SQLITE_ERROR')
    expect(translated(unknown, 'f', 'get')).toBe(unknown)
  })
})

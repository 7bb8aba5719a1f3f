import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { openDatabase } from './database.js'

/**
 * Copies a whole database, as it is at one moment, and returns when the copy is on the disk. Others may write meanwhile.
 * A copy that is there already is replaced.
 */
export function copyDatabase(file: string, copy: string): void {
  const partial = `${copy}.partial`
  rmSync(partial, { force: true })
  try {
    // As private as the file; SQLite takes an empty one.
    closeSync(openSync(partial, 'wx', 0o600))
    // A connection of its own: the one that holds the lock is inside of a transaction, where SQLite copies nothing.
    const reader = openDatabase(file, 0)
    try {
      reader.prepare('VACUUM INTO ?').run(partial)
    } finally {
      reader.close()
    }
    sync(partial)
    renameSync(partial, copy)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
  sync(path.dirname(copy))
}

function sync(name: string): void {
  const descriptor = openSync(name, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

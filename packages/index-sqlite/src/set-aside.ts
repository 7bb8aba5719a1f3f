import { access, open, rename } from 'node:fs/promises'
import path from 'node:path'
import { translated } from './errors.js'

/**
 * Sets a database file aside under a name of its own beside it, with what SQLite keeps next to it: nothing is deleted.
 * A power loss leaves the database under one name or the other, and never under its own without its log. When it
 * resolves, the database stays aside. Nobody may write to the file any more.
 *
 * @param reason - becomes a part of the new name, such as `corrupt`
 * @returns where the file is now; `undefined` where there was none
 * @throws `ACCESS_DENIED`, `NO_SPACE`, `UNAVAILABLE`
 */
export async function setAside(file: string, reason: string): Promise<string | undefined> {
  const aside = `${file}.${reason}-${new Date().toISOString().replace(/[:.]/g, '-')}`
  try {
    if (!(await exists(file))) return undefined
    // The database first: SQLite takes no log for that of a database which is not there.
    await rename(file, aside)
    // Only then its log: the database that is back without it would be an older one, and nothing would tell so.
    await syncDirectory(path.dirname(file))
    for (const suffix of ['-wal', '-shm']) if (await exists(file + suffix)) await rename(file + suffix, aside + suffix)
    return aside
  } catch (error) {
    throw translated(error, file, 'set aside')
  }
}

async function syncDirectory(folder: string): Promise<void> {
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

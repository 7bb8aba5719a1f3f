import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { RegistryError } from '@registry/core'
import { fileDriver } from '@registry/driver-file'
import { backupObjects, forgetUploads } from '@registry/engine'
import { sqliteIndex } from '@registry/index-sqlite'
import { loadConfiguration, type LoadOptions } from '../config/load-configuration.js'
import { writeArchive, type Archive } from './archive.js'
import { withCopyOfIndex } from './backup-copy.js'
import { abortOnSignal } from './end-signal.js'
import { requireRegistry } from './existing-registry.js'
import { type LocalRegistry, localRegistry } from './local-registry.js'
import { stderrLogger } from './logger.js'
import { refuse } from './refuse.js'

export interface BackupCommandOptions {
  readonly force?: true
}

/** Writes a registry to an archive, in the form of the folder that it is kept in. */
export async function backup(file: string, options: LoadOptions, { force }: BackupCommandOptions): Promise<void> {
  const target = file === '-' ? undefined : resolve(file)
  try {
    const configuration = await loadConfiguration(options)
    const local = localRegistry(configuration, 'backup')
    await requireRegistry(configuration, stderrLogger('warn'))
    if (target !== undefined) requireRoomFor(target, force === true)
    const missing: string[] = []
    const { objects, bytes } = await writeArchive(target, (archive) => fill(archive, local, target, missing), { signal: abortOnSignal() })
    for (const line of missing) process.stderr.write(`registry: not in the backup: ${line}\n`)
    if (missing.length > 0) process.exitCode = 2
    process.stderr.write(`backed up ${objects} files, ${bytes} bytes${target === undefined ? '' : `, to ${target}`}\n`)
  } catch (error) {
    refuse(error)
  }
}

/** @throws `CONFIG` where the archive cannot be made there, or is there already */
function requireRoomFor(target: string, replaces: boolean): void {
  const parent = dirname(target)
  if (statSync(parent, { throwIfNoEntry: false })?.isDirectory() !== true) throw new RegistryError('CONFIG', `${parent} is no folder; make it, or name a file elsewhere`)
  const found = statSync(target, { throwIfNoEntry: false })
  if (found?.isDirectory()) throw new RegistryError('CONFIG', `${target} is a folder; name a file in it`)
  if (found && !replaces) throw new RegistryError('CONFIG', `${target} is there already; --force replaces it`)
}

/** The index is copied first, at one moment; then comes what this copy names. */
async function fill(archive: Archive, { folder, indexFile }: LocalRegistry, target: string | undefined, missing: string[]): Promise<void> {
  const driver = await fileDriver({ root: folder })
  try {
    await withCopyOfIndex(indexFile, target, async (copy) => {
      const index = await sqliteIndex({ file: copy })
      try {
        await forgetUploads(index)
        const onMissing = (key: string, reason: string): void => void missing.push(`${key}: ${reason}`)
        for await (const { key, size, body } of backupObjects({ index, driver, onMissing })) await archive.add(key, size, body)
      } finally {
        await index.close()
      }
      await archive.addFile('@index.sqlite', copy)
    })
  } finally {
    await driver.close()
  }
}

import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { RegistryError } from '@registry/core'
import { isBeingRebuilt } from '@registry/engine'
import { setAside } from '@registry/index-sqlite'
import type { Logger } from 'pino'
import type { Configuration } from '../config/configuration.js'
import { openIndex } from './open-registry.js'

/** An index that made room for a new one. */
export interface IndexAside {
  /** Where it is now. */
  readonly file: string
  /**
   * Puts it back in the place of the new one, as long as that has not taken the storage over.
   *
   * @returns whether it is back
   */
  putBack(): Promise<boolean>
}

/** Sets aside the index that is there; `undefined` where there is none, or one whose rebuild died. */
export async function setIndexAside(configuration: Configuration, index: string, log: Logger): Promise<IndexAside | undefined> {
  if (!existsSync(index) || (await isHalfRebuilt(configuration, log))) return undefined
  const owner = await ownerOf(configuration)
  const file = await setAside(index, 'before-rebuild')
  if (file === undefined) return undefined
  return {
    file,
    async putBack(): Promise<boolean> {
      if ((await ownerOf(configuration)) !== owner) return false
      for (const suffix of ['', '-wal', '-shm']) await rm(index + suffix, { force: true })
      // The database last: without its log it would be an older one.
      for (const suffix of ['-wal', '-shm', '']) if (existsSync(file + suffix)) await rename(file + suffix, index + suffix)
      return true
    },
  }
}

async function isHalfRebuilt(configuration: Configuration, log: Logger): Promise<boolean> {
  try {
    const index = await openIndex(configuration, log)
    try {
      return await isBeingRebuilt(index)
    } finally {
      await index.close()
    }
  } catch (error) {
    if (!RegistryError.is(error, 'CORRUPT')) throw error
    log.warn({ err: error }, 'the index is damaged')
    return false
  }
}

/** What the storage says of the index that owns it, as it is written; nothing where it says nothing. */
async function ownerOf({ storage: { module, options } }: Configuration): Promise<string | undefined> {
  const driver = await module.open(options)
  try {
    await using object = await driver.open('registry.json')
    const chunks: Uint8Array[] = []
    for await (const chunk of object.body) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  } catch (error) {
    if (RegistryError.is(error, 'NOT_FOUND')) return undefined
    throw error
  } finally {
    await driver.close()
  }
}

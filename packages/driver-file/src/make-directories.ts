import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errnoOf } from './errors.js'

/**
 * Makes the directory and what is missing above it, for nobody else to read.
 * Node's own `recursive` tells ENOENT where the disk is full.
 *
 * @returns the highest directory that it made, `undefined` where all were there
 */
export async function makeDirectories(directory: string): Promise<string | undefined> {
  try {
    return await makeOne(directory)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || directory === dirname(directory)) throw error
  }
  const highest = await makeDirectories(dirname(directory))
  const made = await makeOne(directory)
  return highest ?? made
}

async function makeOne(directory: string): Promise<string | undefined> {
  try {
    await mkdir(directory, { mode: 0o700 })
    return directory
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw error
    // Systems differ in what they say of a directory that is there already.
    if ((await stat(directory).catch(() => undefined))?.isDirectory() === true) return undefined
    throw error
  }
}

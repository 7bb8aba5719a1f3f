import { RegistryError } from '@registry/core'
import { reasonOf } from './reason-of.js'
import { waitingFor } from './waiting.js'

/** What a file exports, by name. */
export type Exports = Readonly<Record<string, unknown>>

/**
 * Runs a file of somebody else.
 *
 * @param name - the module in the words of messages
 * @param seconds - how long that may take
 * @throws `CONFIG` where it fails, or takes longer
 */
export async function importModule(url: string, name: string, seconds: number): Promise<Exports> {
  const work = waitingFor(`${name} to be loaded`, import(url) as Promise<Exports>)
  let timer: NodeJS.Timeout | undefined
  // It keeps no process: where nothing else does, whoever waits is told at once.
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => { resolve(undefined) }, seconds * 1000).unref()))
  try {
    const found = await Promise.race([work, late])
    if (found !== undefined) return found
  } catch (error) {
    throw new RegistryError('CONFIG', `${name}: was found and cannot be loaded: ${reasonOf(error)}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
  const reason = 'what it awaits before its exports never ends'
  throw new RegistryError('CONFIG', `${name}: was found and has not been loaded within ${seconds} seconds; ${reason}`)
}

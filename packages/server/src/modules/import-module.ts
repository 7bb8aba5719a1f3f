import { RegistryError } from '@registry/core'
import { reasonOf } from './reason-of.js'
import { waitingFor } from './waiting.js'
import { late, within } from './within.js'

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
  const found = await within(seconds, waitingFor(`${name} to be loaded`, import(url) as Promise<Exports>)).catch((error: unknown) => {
    throw new RegistryError('CONFIG', `${name}: was found and cannot be loaded: ${reasonOf(error)}`, { cause: error })
  })
  if (found !== late) return found
  const reason = 'what it awaits before its exports never ends'
  throw new RegistryError('CONFIG', `${name}: was found and has not been loaded within ${seconds} seconds; ${reason}`)
}

import { RegistryError } from '@registry/core'
import { type ModuleKind, optionOf } from './module-kind.js'
import { reasonOf } from './reason-of.js'
import { waitingFor } from './waiting.js'

/** What can be opened. */
export type OpenedKind = Exclude<ModuleKind, 'hooks'>

/** What every driver or index has. */
const members: Readonly<Record<OpenedKind, Readonly<Record<string, string>>>> = {
  driver: { capabilities: 'object', head: 'function', open: 'function', put: 'function', delete: 'function', list: 'function', close: 'function' },
  index: { capabilities: 'object', get: 'function', scan: 'function', commit: 'function', close: 'function' },
}

/**
 * Opens a driver or an index, and makes sure that it is one.
 *
 * @param name - as its module is called
 * @throws what it refuses with, and `INTERNAL` where that is not an error of the contract
 */
export async function openModule<Opened>(kind: OpenedKind, name: string, open: () => Promise<Opened>): Promise<Opened> {
  const subject = `${optionOf[kind]} ${name}`
  const opened = await waitingFor(`${subject} to be opened`, attempt(open)).catch((error: unknown) => {
    if (RegistryError.is(error)) throw error
    throw new RegistryError('INTERNAL', `${subject} could not be opened: ${reasonOf(error)}`, { driver: name, operation: 'open', cause: error })
  })
  const has = (opened ?? {}) as Readonly<Record<string, unknown>>
  const missing = Object.entries(members[kind]).filter(([member, type]) => typeof has[member] !== type || has[member] === null)
  if (missing.length === 0) return opened
  const lacks = missing.map(([member]) => member).join(', ')
  const reason = `what its \`open\` gave is no ${kind}, it has no ${lacks}; tell whoever made it`
  throw new RegistryError('INTERNAL', `${subject} could not be opened: ${reason}`, { driver: name, operation: 'open' })
}

/** A function that is not async throws where others reject. */
async function attempt<Opened>(open: () => Promise<Opened>): Promise<Opened> {
  return open()
}

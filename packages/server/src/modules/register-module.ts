import { RegistryError } from '@registry/core'
import { reasonOf } from './reason-of.js'
import { waitingFor } from './waiting.js'
import { late, within } from './within.js'

/**
 * Lets a module register its hooks.
 *
 * @param name - as the module is called
 * @param seconds - how long that may take
 * @throws `CONFIG` where it fails, or takes longer
 */
export async function registerModule(name: string, register: () => Promise<void>, seconds: number): Promise<void> {
  const subject = `hooks ${name}`
  const refusal = (reason: string, cause?: unknown): RegistryError =>
    new RegistryError('CONFIG', `${subject} could not be registered: ${reason}`, { cause })
  const registered = await within(seconds, waitingFor(`${subject} to be registered`, register())).catch((error: unknown) => {
    throw refusal(reasonOf(error), error)
  })
  if (registered === late) throw refusal(`its \`register\` has not ended within ${seconds} seconds`)
}

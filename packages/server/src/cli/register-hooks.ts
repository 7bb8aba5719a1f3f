import type { Hooks } from '@registry/engine'
import type { Configuration } from '../config/configuration.js'

/**
 * Lets the modules of a configuration register their hooks, one after the other.
 *
 * @throws `CONFIG`
 */
export async function registerHooks(registry: Hooks, { hooks }: Pick<Configuration, 'hooks'>): Promise<void> {
  // They see where they come in, and not the registry.
  const places: Hooks = {
    on: (name, listener) => registry.on(name, listener),
    before: (name, check) => registry.before(name, check),
  }
  for (const { module, options } of hooks) await module.register(places, options)
}

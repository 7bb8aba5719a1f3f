import { RegistryError } from '@registry/core'
import type { ModuleKind } from './module-kind.js'

/** The version of the contracts that this server speaks. */
const contract = 1

/** Which versions of our packages speak a version of the contracts: their major is its number. */
function versions(of: number): string {
  return `${of}.x`
}

/**
 * Holds a module's version of the contract against the server's own.
 *
 * @throws `CONFIG` with the versions that fit
 */
export function checkContract(found: unknown, name: string, kind: ModuleKind): void {
  if (found === contract) return
  const home = kind === 'hooks' ? '@registry/engine' : '@registry/core'
  if (typeof found !== 'number' || !Number.isSafeInteger(found) || found < 1) {
    const todo = `\`contract: ${contract}\` belongs into its export, with ${home} ${versions(contract)}`
    throw new RegistryError('CONFIG', `${name}: says no version of the contract that it keeps; ${todo}`)
  }
  throw new RegistryError(
    'CONFIG',
    `${name}: keeps contract ${found}, and this server speaks contract ${contract}; ` +
      `install a version of it that is made for ${home} ${versions(contract)}, or @registry/server ${versions(found)}`,
  )
}

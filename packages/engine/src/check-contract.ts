import { type Driver, type Index, RegistryError } from '@registry/core'

/** The version of the contracts that this engine speaks. */
const contract = 1

/**
 * Refuses a driver or an index of another version of the contract, which would fail later in ways that nobody understands.
 *
 * @throws `CONFIG` with the versions that fit
 */
export function checkContract(kind: 'driver' | 'index', store: Driver | Index): void {
  const { name, contract: found }: { readonly name: string; readonly contract: unknown } = store
  if (found === contract) return
  throw new RegistryError(
    'CONFIG',
    `the ${kind} ${name} keeps contract ${String(found)}, and this engine speaks contract ${contract}; install a version of it that is made for @registry/core ${contract}.x`,
  )
}

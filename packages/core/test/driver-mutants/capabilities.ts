import type { DriverCapabilities } from '../../src/capabilities.js'
import type { CallOptions, Driver } from '../../src/driver.js'
import { RegistryError } from '../../src/errors.js'
import type { MemoryStorage } from '../../src/memory/index.js'
import { isObjectKey } from '../../src/object-key.js'
import { mutant, objectBytes, type DriverMutant } from './mutant.js'
import { servedUrl } from './presigned-server.js'

const claims: DriverCapabilities = Object.freeze({ presign: true, limits: Object.freeze({ objectBytes }) })

/** A driver whose presign claims to work, and keeps the contract but for what `change` replaces. */
export function presigns(
  change: (presign: NonNullable<Driver['presign']>, driver: Driver) => Driver['presign'],
): (driver: Driver, storage: MemoryStorage) => Partial<Driver> {
  return (driver, storage) => {
    const presign = async (key: string, { signal }: CallOptions): Promise<URL> => {
      // The true driver knows whether it was closed.
      await driver.head(key, { signal })
      return servedUrl(storage, key)
    }
    const changed = change(presign, driver)
    return { capabilities: claims, ...(changed && { presign: changed }) }
  }
}

export const capabilityMutants: readonly DriverMutant[] = [
  mutant('contract-two', 'the driver is of another contract', () => ({ contract: 2 as 1 })),
  mutant('without-name', 'the driver has no name', () => ({ name: '' })),
  mutant('capabilities-open', 'capabilities can be changed', ({ capabilities }) => ({ capabilities: { ...capabilities } })),
  mutant('limits-open', 'limits can be changed', ({ capabilities }) => ({
    capabilities: Object.freeze({ ...capabilities, limits: { ...capabilities.limits } }),
  })),
  mutant('limit-infinite', 'the limit is no number that can be reached', () => ({
    capabilities: Object.freeze({ presign: false, limits: Object.freeze({ objectBytes: Infinity }) }),
  })),
  mutant('presign-unclaimed', 'presign works without being claimed', () => ({ presign: async (key) => new URL(key, 'http://127.0.0.1:9/') })),
  mutant('presign-undefined', 'presign that is not claimed resolves to undefined', () => ({ presign: async () => undefined as unknown as URL })),
  mutant('presign-missing', 'presign is claimed and not there', presigns(() => undefined)),
  mutant('presign-text', 'presign gives a text', presigns((presign) => async (key, options) => (await presign(key, options)).href as unknown as URL)),
  mutant('presign-file', 'presign gives a URL that nobody else can use', presigns(() => async (key) => new URL(key, 'file:///'))),
  mutant('presign-constant', 'presign gives one URL for every key', presigns((presign) => (_, options) => presign('folder/a', options))),
  mutant('presign-expired', 'presign gives a URL that serves nothing', presigns((presign) => async (key, options) =>
    new URL(`${(await presign(key, options)).href}/expired`))),
  mutant('presign-needs-object', 'presign of an absent object rejects', presigns((presign, driver) => async (key, options) => {
    if (!(await driver.head(key, options))) throw new RegistryError('NOT_FOUND', key)
    return presign(key, options)
  })),
  mutant('presign-ignores-abort', 'presign does not look at its signal', presigns((presign) => (key, { expires }) => presign(key, { expires }))),
  mutant('presign-any-key', 'presign makes a URL of what is no key', presigns((presign) => (key, options) =>
    presign(isObjectKey(key) ? key : 'another', options))),
  mutant('presign-after-close', 'presign goes on after close', presigns(() => async (key, { signal }) => {
    signal?.throwIfAborted()
    return new URL(key, 'http://127.0.0.1:9/')
  })),
]

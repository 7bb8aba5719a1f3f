import { inject, type ProvidedContext } from 'vitest'
import type { ServiceAddress } from './service-process.js'

declare module 'vitest' {
  /** Addresses at which the first request starts a service, and each is answered with what its start gave. */
  interface ProvidedContext {
    readonly ceph: string
    readonly dynamodb: string
  }
}

export type ServiceName = keyof ProvidedContext

/** What the start of a service of this run gave, which is started if it is not yet. */
export async function providedService<Address extends ServiceAddress>(name: ServiceName): Promise<Address> {
  const response = await fetch(inject(name))
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as Address
}

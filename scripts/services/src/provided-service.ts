import { inject } from 'vitest'
import type { ServiceAddress } from './service-process.js'

export type ServiceName = 'ceph' | 'dynamodb'

declare module 'vitest' {
  interface ProvidedContext extends Record<ServiceName, string> {}
}

/** What the start of a service of this run gave. The first request starts it. */
export async function providedService<Address extends ServiceAddress>(name: ServiceName): Promise<Address> {
  const response = await fetch(inject(name))
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as Address
}

import { vi } from 'vitest'
import type { Address } from './hop.js'

/** Why a replica does not serve, as `/readyz` says it; `undefined` where it does. */
export async function refusalOf({ address }: Address): Promise<string | undefined> {
  const response = await fetch(`http://${address}/readyz`)
  const { reason } = (await response.json()) as { readonly reason?: string }
  return response.status === 200 ? undefined : reason
}

/** Resolves when all of them serve. */
export async function untilReady(replicas: readonly Address[], timeout = 120_000): Promise<void> {
  const isReady = async (replica: Address): Promise<void> => {
    const reason = await refusalOf(replica)
    if (reason !== undefined) throw new Error(`${replica.address} does not serve: ${reason}`)
  }
  await vi.waitFor(() => Promise.all(replicas.map(isReady)), { timeout, interval: 100 })
}

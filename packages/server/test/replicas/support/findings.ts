import { createRegistry, type VerifyFinding } from '@registry/engine'
import type { SharedStorage } from './shared-storage.js'

/** Finishes what replicas that died left, as each start does, and tells what is wrong with what index and storage say then. */
export async function findings(storage: SharedStorage): Promise<readonly VerifyFinding[]> {
  const failures: unknown[] = []
  const found: VerifyFinding[] = []
  await using registry = await createRegistry({ ...(await storage.open()), onBackgroundError: (error) => failures.push(error) })
  await registry.settled()
  await registry.verify({ onFinding: (finding) => void found.push(finding) })
  if (failures.length > 0) throw new AggregateError(failures, `expected the work behind answers to succeed, but: ${failures.map(String).join('; ')}`)
  return found
}

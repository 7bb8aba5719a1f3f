import { randomUUID } from 'node:crypto'
import type { Driver } from '@registry/core'
import type { Namespace } from '@registry/core/conformance'
import { {{factory}} } from '../src/index.js'

/** An empty place for one case. Its drivers share the data, not their memory. The limit is one that can be tried. */
export async function harness(): Promise<Namespace<Driver>> {
  const root = `conformance/${randomUUID()}`
  const open = (): Promise<Driver> => {{factory}}({ root, objectBytes: 1_000_000 })
  return { open, destroy: () => removeAll(open) }
}

/** Better behind the driver's back, with a client of the backend: a driver that does not delete leaves everything here. */
async function removeAll(open: () => Promise<Driver>): Promise<void> {
  const driver = await open()
  const keys: string[] = []
  for await (const { key } of driver.list()) keys.push(key)
  await driver.delete(keys)
  await driver.close()
}

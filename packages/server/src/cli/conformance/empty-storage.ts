import type { Driver } from '@registry/core'

/** Deletes everything that a driver lists. What a case found is not to be hidden by what its driver cannot do either: that is only told. */
export async function emptyStorage(open: () => Promise<Driver>): Promise<boolean> {
  try {
    const driver = await open()
    const keys: string[] = []
    for await (const { key } of driver.list()) keys.push(key)
    await driver.delete(keys)
    await driver.close()
    return true
  } catch {
    return false
  }
}

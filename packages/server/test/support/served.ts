import { join } from 'node:path'
import { startRegistryProcess } from './registry-process.js'
import { temporaryFolder } from './temporary-folder.js'

export interface Served {
  readonly storage: string
  readonly url: string
}

/** A registry that is served while commands work on its data. */
export async function served(): Promise<Served> {
  const storage = join(temporaryFolder(), 'data')
  const { address } = await startRegistryProcess(storage)
  return { storage, url: `http://${address}` }
}

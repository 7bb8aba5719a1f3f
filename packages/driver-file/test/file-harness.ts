import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Driver } from '@registry/core'
import type { Harness, Namespace } from '@registry/core/conformance'
import { fileDriver } from '../src/index.js'

/** A directory for one test, which nothing else uses. */
export async function temporaryDirectory(): Promise<string> {
  // Where the folder for such things is a link, errors name what it leads to.
  return realpath(await mkdtemp(join(tmpdir(), 'driver-file-')))
}

/** Namespaces that are a directory each. Their limit is one that can be tried: 88 MiB. */
export const fileHarness: Harness<Driver> = async (): Promise<Namespace<Driver>> => {
  const directory = await temporaryDirectory()
  return {
    open: () => fileDriver({ root: join(directory, 'root'), objectBytes: 88 * 2 ** 20 }),
    destroy: () => rm(directory, { recursive: true }),
  }
}

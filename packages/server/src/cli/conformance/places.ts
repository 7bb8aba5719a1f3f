import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OptionsSchema } from '@registry/core'
import type { Settings } from '@registry/core/config'
import type { Harness } from '@registry/core/conformance'
import type { ModuleOptions } from '../../modules/load-module.js'
import { at, placeholdersIn } from './place.js'
import { checkOptions } from './read-options.js'

/** What a module has to be opened with. */
export interface Opening<Store> {
  readonly name: string
  readonly options: OptionsSchema
  open(options: ModuleOptions): Promise<Store>
}

/** Where cases run. */
export interface Places<Store> {
  readonly harness: Harness<Store>
  /** What the names of all places begin with. */
  readonly prefix: string
  /** How many places are left in the backend. */
  readonly left: () => number
  /** Removes the folders, at once: also at the end of the process. */
  readonly remove: () => void
}

/**
 * A place for each case, made of the options of a driver or an index.
 *
 * @param empty - removes what a case left under a name, and says whether it could
 */
export async function placesOf<Store>(module: Opening<Store>, settings: Settings, empty: (open: () => Promise<Store>) => Promise<boolean>): Promise<Places<Store>> {
  const root = await mkdtemp(join(tmpdir(), 'registry-conformance-'))
  const prefix = `conformance-${randomBytes(4).toString('hex')}-`
  const isNamed = placeholdersIn(settings).has('name')
  let [made, left] = [0, 0]
  const harness: Harness<Store> = async () => {
    const name = `${prefix}${++made}`
    const folder = join(root, name)
    await mkdir(folder)
    const open = (): Promise<Store> => module.open(checkOptions(at({ folder, name }, settings), module))
    return {
      open,
      async destroy() {
        if (isNamed && !(await empty(open))) left++
        await rm(folder, { recursive: true, force: true })
      },
    }
  }
  return { harness, prefix, left: () => left, remove: () => { rmSync(root, { recursive: true, force: true }) } }
}

import { type Driver, type Index, RegistryError } from '@registry/core'
import type { Deviation, Harness } from '@registry/core/conformance'
import { findModule } from '../../modules/find-module.js'
import { type Exports, importModule } from '../../modules/import-module.js'
import { type LoadedModules, loadModule } from '../../modules/load-module.js'
import { namesIn, shape } from '../../modules/module-export.js'
import type { ModuleKind } from '../../modules/module-kind.js'
import type { OpenedKind } from '../../modules/open-module.js'
import { reasonOf } from '../../modules/reason-of.js'

/** A driver or an index that is judged. */
export type Subject =
  | { readonly kind: 'driver'; readonly module: LoadedModules['driver']; readonly own: OwnSuite<Driver> }
  | { readonly kind: 'index'; readonly module: LoadedModules['index']; readonly own: OwnSuite<Index> }

/** What the file of a driver or an index may export for its suite beside it. */
export interface OwnSuite<Store> {
  readonly harness?: Harness<Store>
  readonly deviations: readonly Deviation[]
}

export interface SubjectOptions {
  /** Which one is judged of a file that exports both. */
  readonly kind?: OpenedKind
}

const loadSeconds = 30
const kinds: readonly OpenedKind[] = ['driver', 'index']

/**
 * Loads what is judged, and finds out what it is.
 *
 * @param name - a package, its short name, or the path of a file
 * @throws `CONFIG` where it is not installed, exports neither a driver nor an index, or both and nobody says which is meant
 */
export async function loadSubject(name: string, folders: readonly string[], { kind }: SubjectOptions): Promise<Subject> {
  const exports = await importModule(find(name, folders), name, loadSeconds)
  try {
    return (kind ?? kindOf(exports, name)) === 'index'
      ? { kind: 'index', module: await loadModule('index', name, folders), own: ownSuite<Index>(exports, name) }
      : { kind: 'driver', module: await loadModule('driver', name, folders), own: ownSuite<Driver>(exports, name) }
  } catch (error) {
    // What it exports is somebody else's code, too, where it has getters.
    throw RegistryError.is(error) ? error : new RegistryError('CONFIG', `${name}: what it exports cannot be looked at: ${reasonOf(error)}`, { cause: error })
  }
}

function kindOf(exports: Exports, name: string): OpenedKind {
  const [kind, other] = kinds.filter((each) => has(exports, each))
  if (other !== undefined) throw new RegistryError('CONFIG', `${name}: it exports a driver and an index; say with --kind which one is judged`)
  if (kind !== undefined || has(exports, 'hooks')) return kind ?? 'driver'
  throw new RegistryError('CONFIG', `${name}: it exports ${namesIn(exports)}, and neither \`driver\` nor \`index\`; ${shape('driver')}`)
}

/** A short name may be that of a driver, or of an index. */
function find(name: string, folders: readonly string[]): string {
  const [first, second] = (name.includes('index') ? [...kinds].reverse() : kinds).map((kind) => () => findModule(kind, name, folders))
  try {
    return first!()
  } catch (error) {
    if (!RegistryError.is(error, 'CONFIG')) throw error
    try {
      return second!()
    } catch {
      throw error
    }
  }
}

function has(exports: Exports, kind: ModuleKind): boolean {
  const inside = exports['default']
  return kind in exports || (typeof inside === 'object' && inside !== null && kind in inside)
}

function ownSuite<Store>({ harness, deviations = [] }: Exports, name: string): OwnSuite<Store> {
  if (harness !== undefined && typeof harness !== 'function') throw new RegistryError('CONFIG', `${name}: its export \`harness\` is no function`)
  if (!isDeviations(deviations)) throw new RegistryError('CONFIG', `${name}: its export \`deviations\` is no list of { id, reason }`)
  return { ...(harness && { harness: harness as Harness<Store> }), deviations }
}

function isDeviations(value: unknown): value is readonly Deviation[] {
  return Array.isArray(value) && (value as readonly Partial<Deviation>[]).every((each) => typeof each.id === 'string' && typeof each.reason === 'string')
}

import { RegistryError } from '@registry/core'
import { heritageOf } from '../config/heritage-storages.js'
import { isOurs, type ModuleKind, packageFor } from './module-kind.js'

interface Nearby {
  /** Where the search began. */
  readonly folder: string | undefined
  /** A name that would have been found. */
  readonly meant?: string
}

/** What to do about a name that nothing is found for. */
export function notInstalled(kind: ModuleKind, name: string, { folder, meant = similar(kind, name) }: Nearby): RegistryError {
  return new RegistryError('CONFIG', meant === undefined ? advice(kind, name, folder) : `no package for ${name} is installed; did you mean ${meant}?`)
}

/** The same in lower case, where that is a name that we know. */
function similar(kind: ModuleKind, name: string): string | undefined {
  const lower = name.toLowerCase()
  if (lower === name) return undefined
  return isOurs(kind, lower) || (kind === 'driver' && heritageOf(lower).driver !== lower) ? lower : undefined
}

function advice(kind: ModuleKind, name: string, folder: string | undefined): string {
  if (!name.startsWith('@') && /^[^:]*\.[cm]?js$/.test(name)) return `no package is called ${name}; write ./${name} where it is a file`
  const wanted = packageFor(kind, name)
  if (wanted === undefined) {
    const todo = `name one that exports \`${kind}\`, in lower case, or a JavaScript file, with ./ or / at its beginning`
    return `${JSON.stringify(name)} names no package; ${todo}`
  }
  const where = folder === undefined ? '' : ` in ${folder}`
  return `no package for ${name} is installed; \`npm install ${wanted}\`${where} brings it, where there is one`
}

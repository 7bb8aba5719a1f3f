import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve as resolvePath } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { RegistryError } from '@registry/core'
import { resolve } from 'import-meta-resolve'
import { candidates, isShortName, type ModuleKind, packageFor } from './module-kind.js'

/**
 * Finds the module that a name stands for.
 *
 * @param folders - where to look, in this order; the server itself comes last
 * @returns the URL of its file
 * @throws `CONFIG` where it is not installed
 */
export function findModule(kind: ModuleKind, name: string, folders: readonly string[]): string {
  const parents = [...folders.map((folder) => pathToFileURL(join(folder, 'registry.js')).href), import.meta.url]
  for (const candidate of candidates(kind, name)) {
    for (const parent of parents) {
      const found = find(candidate, parent)
      if (found !== undefined) return found
    }
  }
  throw notFound(kind, name, folders)
}

function find(candidate: string, parent: string): string | undefined {
  if (isAbsolute(candidate)) return existsSync(candidate) ? pathToFileURL(candidate).href : undefined
  try {
    const url = resolve(candidate, parent)
    // What node itself brings is no driver, and a path is resolved whether its file is there or not.
    return url.startsWith('file:') && existsSync(fileURLToPath(url)) ? url : undefined
  } catch (error) {
    if (notThere.has((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw new RegistryError('CONFIG', `${candidate}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

const notThere: ReadonlySet<string> = new Set(['ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT'])

function notFound(kind: ModuleKind, name: string, folders: readonly string[]): RegistryError {
  if (!isShortName(name) && /^[./]/.test(name)) {
    const places = isAbsolute(name) ? [name] : folders.map((folder) => resolvePath(folder, name))
    return new RegistryError('CONFIG', `there is no file ${[...new Set(places)].join(', nor ')}; name the JavaScript file that exports \`${kind}\``)
  }
  const where = folders[0] === undefined ? '' : ` in ${folders[0]}`
  return new RegistryError('CONFIG', `no package for ${name} is installed; \`npm install ${packageFor(kind, name)}\`${where} brings it, where there is one`)
}

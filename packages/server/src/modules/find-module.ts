import { type Stats, statSync } from 'node:fs'
import { join, resolve as resolvePath } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { RegistryError } from '@registry/core'
import { resolve } from 'import-meta-resolve'
import { brokenPackage } from './broken-package.js'
import { candidates, isPath, type ModuleKind } from './module-kind.js'
import { notInstalled } from './not-installed.js'
import { reasonOf } from './reason-of.js'

/**
 * Finds the module that a name stands for.
 *
 * @param folders - where to look, in this order; for packages the server itself comes last
 * @returns the URL of its file
 * @throws `CONFIG` where it is not installed
 */
export function findModule(kind: ModuleKind, name: string, folders: readonly string[]): string {
  if (isPath(name)) return findFile(kind, [...new Set(folders.map((folder) => resolvePath(folder, name)))])
  if (name.startsWith('file:')) return findFile(kind, [pathOf(name)])
  const found = findPackage(kind, name, folders)
  if (found !== undefined) return found
  const broken = brokenPackage(candidates(kind, name), folders)
  if (broken !== undefined) {
    const todo = 'build it, or install it anew'
    throw new RegistryError('CONFIG', `${name}: its package is installed in ${broken}, and the file that it names as its own is missing; ${todo}`)
  }
  const lower = name.toLowerCase()
  const known = lower !== name && findPackage(kind, lower, folders) !== undefined
  throw notInstalled(kind, name, { folder: folders[0], ...(known && { meant: lower }) })
}

function findPackage(kind: ModuleKind, name: string, folders: readonly string[]): string | undefined {
  const parents = [...folders.map((folder) => pathToFileURL(join(folder, 'registry.js')).href), import.meta.url]
  for (const candidate of candidates(kind, name)) {
    for (const parent of parents) {
      const found = fileOfPackage(candidate, parent)
      if (found !== undefined) return found
    }
  }
  return undefined
}

function fileOfPackage(candidate: string, parent: string): string | undefined {
  try {
    const url = resolve(candidate, parent)
    // What node itself brings is no driver.
    return url.startsWith('file:') && isFile(fileURLToPath(url)) ? url : undefined
  } catch (error) {
    if (notThere.has((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw new RegistryError('CONFIG', `${candidate}: ${reasonOf(error)}`, { cause: error })
  }
}

const notThere: ReadonlySet<string> = new Set(['ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT', 'ERR_INVALID_MODULE_SPECIFIER'])

function findFile(kind: ModuleKind, places: readonly string[]): string {
  const path = places.find(isFile)
  // The characters of a path that mean something in a URL stay those of the path.
  if (path !== undefined) return pathToFileURL(path).href
  const hint = `name the JavaScript file that exports \`${kind}\``
  const folder = places.find((place) => statsOf(place)?.isDirectory())
  if (folder !== undefined) throw new RegistryError('CONFIG', `${folder} is a folder; ${hint}`)
  throw new RegistryError('CONFIG', `there is no file ${places.join(', nor ')}; ${hint}`)
}

function isFile(path: string): boolean {
  return statsOf(path)?.isFile() === true
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url)
  } catch (error) {
    throw new RegistryError('CONFIG', `${url} is no URL of a file: ${reasonOf(error)}; write its path`, { cause: error })
  }
}

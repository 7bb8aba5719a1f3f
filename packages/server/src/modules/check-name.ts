import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RegistryError } from '@registry/core'
import { driver } from '@registry/driver-file'
import { index } from '@registry/index-sqlite'
import { laterOptions } from '../config/later-options.js'
import { ownOptions } from '../config/own-options.js'
import { isRefused } from '../config/refused-options.js'

/** Names that commands know, and whose they are. */
const known: Readonly<Record<string, { readonly module: unknown; readonly packageName: string }>> = {
  file: { module: driver, packageName: '@registry/driver-file' },
  sqlite: { module: index, packageName: '@registry/index-sqlite' },
}

/** What a configuration has at its top already. */
const taken: ReadonlySet<string> = new Set([...Object.keys({ ...ownOptions, ...laterOptions }).map((path) => path.split('.')[0]!), 'extensions'])

/**
 * Makes sure that the name of a module can be that of its section, and means nothing else.
 *
 * @param url - of the file that the module was found in
 * @throws `CONFIG`
 */
export function checkName(module: { readonly name: unknown }, name: string, url: string): void {
  const called = String(module.name)
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(called)) {
    const reason = 'cannot name a section of the configuration; it may have a-z, 0-9, - and _'
    throw new RegistryError('CONFIG', `${name}: its name ${JSON.stringify(module.name)} ${reason}`)
  }
  if (taken.has(called) || isRefused(called)) {
    throw new RegistryError('CONFIG', `${name}: its name ${called} is an option or section of the server itself; call it otherwise`)
  }
  const ours = Object.hasOwn(known, called) ? known[called] : undefined
  if (ours === undefined || module === ours.module || packageOf(url) === ours.packageName) return
  throw new RegistryError('CONFIG', `${name}: its name ${called} is that of ${ours.packageName}; call it otherwise`)
}

/** The name of the package that a file belongs to, if any. */
function packageOf(url: string): string | undefined {
  for (let folder = dirname(realpathSync(fileURLToPath(url))); ; folder = dirname(folder)) {
    const found = nameIn(join(folder, 'package.json'))
    if (found !== undefined || folder === dirname(folder)) return found
  }
}

/** What is nameless only says how the files below it are to be read. */
function nameIn(file: string): string | undefined {
  try {
    const { name } = (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}) as { readonly name?: string }
    return name
  } catch {
    return undefined
  }
}

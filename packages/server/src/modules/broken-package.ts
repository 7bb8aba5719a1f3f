import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Where a package is installed of which no file is found.
 *
 * @param names - of packages; what follows a package's name is passed over
 * @param folders - from where they are looked for, and last from the server
 */
export function brokenPackage(names: readonly string[], folders: readonly string[]): string | undefined {
  const packages = names.flatMap((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? [])
  const starts = [...folders, dirname(fileURLToPath(import.meta.url))]
  return starts
    .flatMap(withParents)
    .flatMap((folder) => packages.map((name) => join(folder, 'node_modules', name)))
    .find((folder) => existsSync(join(folder, 'package.json')))
}

function withParents(folder: string): readonly string[] {
  return folder === dirname(folder) ? [folder] : [folder, ...withParents(dirname(folder))]
}

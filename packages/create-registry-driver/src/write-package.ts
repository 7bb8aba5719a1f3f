import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Names } from './names.js'

/** What npm would take for parts of this package itself has another name in the template. */
const renamed: Readonly<Record<string, string>> = { gitignore: '.gitignore', 'apache-2.0.txt': 'LICENSE', 'manifest.json': 'package.json' }

const template = fileURLToPath(new URL('template/', import.meta.url))

/** What a folder may have all the same: it was made a repository first. */
const harmless: readonly string[] = ['.git']

/**
 * Writes a package into a folder that is empty or not there.
 *
 * @param core - the range of `@registry/core` that it is made for
 * @returns the paths of its files
 * @throws `Error` where something is in the folder, or it cannot be written
 */
export async function writePackage(folder: string, names: Names, core: string): Promise<readonly string[]> {
  if ((await contentOf(folder)).length > 0) throw new Error(`${folder} is not empty; name a folder that is, or that is not there`)
  const fill = filledIn(names, core)
  const written: string[] = []
  for (const part of ['common', names.kind]) {
    for (const path of await filesBelow(join(template, part))) {
      const target = fill(renamed[path] ?? path)
      await mkdir(dirname(join(folder, target)), { recursive: true })
      await writeFile(join(folder, target), fill(await readFile(join(template, part, path), 'utf8')))
      written.push(target)
    }
  }
  return written.sort()
}

async function contentOf(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => !harmless.includes(name))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    if (code === 'ENOTDIR') throw new Error(`${folder} is a file, or lies below one; name a folder`, { cause: error })
    throw error
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
}

function filledIn({ kind, name, package: packageName, factory, type }: Names, core: string): (text: string) => string {
  const words: Readonly<Record<string, string>> = {
    name,
    package: packageName,
    factory,
    Type: type,
    core,
    keyword: `registry-${kind}`,
    description: kind === 'driver' ? `Storage driver of Registry for ${name}` : `Index of Registry in ${name}`,
  }
  return (text) => text.replace(/\{\{(\w+)\}\}/g, (_, word: string) => words[word]!)
}

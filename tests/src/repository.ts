import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url))

/** What the tests read of a package.json. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly keywords?: readonly string[]
  readonly type?: string
  readonly sideEffects?: boolean
  readonly private?: boolean
  readonly engines?: Record<string, string>
  readonly exports?: Record<string, string | Record<string, string>>
  readonly files?: readonly string[]
  readonly bin?: Record<string, string>
  readonly dependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
}

/** A published package: its folder, its manifest, and the text of each of its source files. */
export interface Package {
  readonly folder: string
  readonly manifest: Manifest
  readonly sources: readonly SourceFile[]
}

export interface SourceFile {
  /** Relative to the package, such as `src/index.ts`. */
  readonly path: string
  readonly text: string
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** Every package below `packages/`, by folder name. */
export function readPackages(): readonly Package[] {
  return readdirSync(join(root, 'packages'))
    .sort()
    .map((name) => {
      const folder = join(root, 'packages', name)
      return { folder, manifest: readManifest(folder), sources: [...readSources(folder, 'src'), ...readSources(folder, 'test')] }
    })
}

function readSources(folder: string, below: string): readonly SourceFile[] {
  let names: readonly string[]
  try {
    names = readdirSync(join(folder, below), { recursive: true, encoding: 'utf8' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return names
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => ({ path: `${below}/${name}`, text: readFileSync(join(folder, below, name), 'utf8') }))
}

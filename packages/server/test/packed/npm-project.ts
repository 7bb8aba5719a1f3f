import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The folder of the repository. */
export const root: string = fileURLToPath(new URL('../../../..', import.meta.url))

/** The binding of SQLite that this workspace built: building it again takes two minutes. */
const sqlite = dirname(createRequire(join(realpathSync(join(root, 'packages/index-sqlite')), 'package.json')).resolve('better-sqlite3/package.json'))
const binding = join('build', 'Release', 'better_sqlite3.node')

/** What npm says where there is neither a network nor a copy of a package. */
const withoutNetwork = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/

/** A published package of this repository. */
export interface PublishedPackage {
  readonly name: string
  /** In the repository. */
  readonly folder: string
  /** By which names programs import it, such as `@registry/core/memory`. */
  readonly entries: readonly string[]
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports?: Readonly<Record<string, unknown>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Every package below `packages/`. */
export function publishedPackages(): readonly PublishedPackage[] {
  return readdirSync(join(root, 'packages')).map((folder) => {
    const { name, exports = {} } = readManifest(join(root, 'packages', folder))
    const entries = Object.keys(exports).filter((path) => path !== './package.json').map((path) => `${name}${path.slice(1)}`)
    return { name, folder: join(root, 'packages', folder), entries }
  })
}

/** A tool of this workspace as npm is asked for it, such as `typescript@~6.0.3`. */
export function tool(name: string): string {
  return `${name}@${readManifest(root).devDependencies?.[name] ?? '*'}`
}

/** Packs every package. Resolves with the archive of each, by its name. */
export async function packAll(destination: string): Promise<(name: string) => string> {
  const filters = publishedPackages().flatMap(({ name }) => ['--filter', name])
  await run(join(root, 'node_modules', '.bin', 'pnpm'), [...filters, 'pack', '--pack-destination', destination], { cwd: root })
  return (name) => join(destination, `${name.replace(/^@/, '').replace('/', '-')}-${readManifest(join(root, 'packages', folderOf(name))).version}.tgz`)
}

/** A folder outside of the workspace in which npm installed something. */
export interface NpmProject {
  readonly folder: string
  /** What npm brought, such as `@registry/core`, in order. */
  readonly brought: readonly string[]
}

/**
 * Installs packages with npm in an empty folder, which the caller removes with what is around it.
 *
 * @returns `undefined` where packages can neither be downloaded nor are there already
 */
export async function npmInstall(around: string, packages: readonly string[]): Promise<NpmProject | undefined> {
  const folder = mkdtempSync(join(around, 'project-'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', overrides: { 'better-sqlite3': readManifest(sqlite).version } }))
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts', '--fetch-retries=0']
  try {
    await run('npm', ['install', ...quiet, ...packages], { cwd: folder })
  } catch (error) {
    if (withoutNetwork.test(String(error))) return undefined
    throw error
  }
  const { packages: locked } = JSON.parse(readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8')) as { readonly packages: object }
  const brought = Object.keys(locked).map((path) => path.replace(/^.*node_modules\//, '')).sort()
  if (brought.includes('better-sqlite3')) copyBinding(folder)
  return { folder, brought }
}

/** A folder for archives and projects, outside of the workspace. */
export function outside(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), 'registry-packed-'))
}

function copyBinding(folder: string): void {
  const target = join(folder, 'node_modules', 'better-sqlite3', binding)
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(join(sqlite, binding), target)
}

function folderOf(name: string): string {
  return name.replace(/^.*\//, '')
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

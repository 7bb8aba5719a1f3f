import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** Where the scripts keep logs, the stamp of the last install and the lock: never in the way of git or pnpm. */
export const stateFolder = join(root, 'node_modules', '.registry')

export function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** A path as the reader would type it. */
export function shown(file) {
  return relative(process.cwd(), file) || '.'
}

/** Every package of the workspace that `pnpm-workspace.yaml` names: `{ folder, manifest }`. */
export function workspacePackages() {
  const yaml = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const [, block] = /^packages:\n((?: .*\n)+)/m.exec(yaml)
  const patterns = block.match(/[^\s-]\S*/g)
  return patterns
    .flatMap((pattern) => {
      if (!pattern.endsWith('/*')) return [pattern]
      const parent = pattern.slice(0, -2)
      return existsSync(join(root, parent)) ? readdirSync(join(root, parent)).sort().map((name) => `${parent}/${name}`) : []
    })
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readJson(join(folder, 'package.json')) }))
}

/** A hash of all that decides what an install brings: lock file, manifests, Node's ABI and the platform. */
export function installInputs() {
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'].map((name) => join(root, name))
  const manifests = workspacePackages().map(({ folder }) => join(folder, 'package.json'))
  const hash = createHash('sha256').update(`${process.versions.modules} ${process.platform} ${process.arch}`)
  for (const file of [...files, ...manifests]) hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

/** The environment of the tools: found in node_modules, run by this Node, without telemetry. */
export function toolEnvironment() {
  return {
    ...process.env,
    PATH: [join(root, 'node_modules', '.bin'), dirname(process.execPath), process.env.PATH].join(':'),
    DO_NOT_TRACK: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
  }
}

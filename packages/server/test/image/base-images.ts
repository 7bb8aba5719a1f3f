import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { readlinkSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Machine } from './machine.js'
import { root } from './repository.js'

const execute = promisify(execFile)

/** Makes the image that the registry's own is built on, as `node`: Node and what a Dockerfile runs, of this machine's files. */
export async function makeNodeImage(machine: Machine): Promise<void> {
  const context = emptyContext(machine)
  await copyProgram(context, process.execPath, '/usr/bin/node')
  await copyProgram(context, await find('sh'), '/bin/sh')
  for (const name of ['env', 'install']) await copyProgram(context, await find(name), `/usr/bin/${name}`)
  await buildFromScratch(machine, 'node', context, { PATH: '/usr/bin:/bin' })
}

/** An image with which the registry is built, and the options of `buildah build` that lend it what it has not. */
export interface BuildImage {
  readonly name: string
  readonly options: readonly string[]
}

/** Makes the image in which the registry is built: with this machine's programs, and the packages that its pnpm has kept. */
export async function makeBuildImage(machine: Machine): Promise<BuildImage> {
  const context = emptyContext(machine)
  cpSync(realpathSync(join(root, 'node_modules', 'pnpm')), join(context, 'pnpm'), { recursive: true })
  const prefix = dirname(dirname(process.execPath))
  const lent = ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/etc/alternatives', prefix].filter((path) => lendable(context, path))
  await buildFromScratch(machine, 'build', context, {
    PATH: ['/opt/npm/bin', join(prefix, 'bin'), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    HOME: '/tmp',
    npm_config_offline: 'true',
    npm_config_prefix: '/opt/npm',
    npm_config_store_dir: '/store',
    npm_config_nodedir: prefix,
  })
  const store = await copyOnWrite(machine, await packageStore())
  const volumes = [...lent.map((path) => `${path}:${path}:ro`), `${store.path}:/store/${store.version}`]
  return { name: 'localhost/build', options: ['--build-arg=PNPM=/pnpm', ...volumes.map((volume) => `--volume=${volume}`)] }
}

/** A folder for the files of an image, with the one that every image has. */
function emptyContext(machine: Machine): string {
  const context = mkdtempSync(join(machine.folder, 'context-'))
  const temporary = join(context, 'tmp')
  mkdirSync(temporary)
  chmodSync(temporary, 0o1777)
  return context
}

/** Whether a folder of this machine has to be lent, at the same path; a link is made in its place. */
function lendable(context: string, path: string): boolean {
  const own = join(context, path)
  if (!existsSync(path) || existsSync(own) || (path.startsWith('/usr/') && existsSync(join(context, 'usr')))) return false
  mkdirSync(dirname(own), { recursive: true })
  if (lstatSync(path).isSymbolicLink()) {
    symlinkSync(readlinkSync(path), own)
    return false
  }
  mkdirSync(own)
  return true
}

/** Where pnpm keeps the packages that it installed here. */
async function packageStore(): Promise<string> {
  return (await execute(join(root, 'node_modules', '.bin', 'pnpm'), ['store', 'path'], { cwd: root })).stdout.trim()
}

/** A folder that may be written to without being changed. */
async function copyOnWrite(machine: Machine, folder: string): Promise<{ readonly path: string; readonly version: string }> {
  const changes = mkdtempSync(join(machine.folder, 'changes-'))
  const script = `
    set -e
    mount -t tmpfs none "$2"
    mkdir "$2/upper" "$2/work" "$2/all"
    mount -t overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" none "$2/all"
  `
  await machine.run('sh', ['-c', script, 'sh', folder, changes])
  return { path: join(changes, 'all'), version: folder.replace(/.*\//, '') }
}

/** Copies a program, with the libraries that it needs. */
async function copyProgram(context: string, program: string, path: string): Promise<void> {
  // A program that is linked statically has none, and `ldd` says so by its exit code.
  const libraries = await execute('ldd', [program]).then(({ stdout }) => stdout.match(/\/\S+/g) ?? [], () => [])
  for (const [from, to] of [[program, path], ...libraries.map((library) => [library, library])] as [string, string][]) {
    const own = join(context, to)
    if (existsSync(own)) continue
    mkdirSync(dirname(own), { recursive: true })
    copyFileSync(from, own)
  }
}

async function find(program: string): Promise<string> {
  return (await execute('sh', ['-c', 'command -v "$1"', 'sh', program])).stdout.trim()
}

async function buildFromScratch(machine: Machine, name: string, context: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(environment).map(([key, value]) => `ENV ${key}=${value}`)
  const file = `${context}.Dockerfile`
  writeFileSync(file, ['FROM scratch', 'COPY . /', ...lines].join('\n'))
  await machine.run('buildah', ['build', '--file', file, '--tag', name, context])
}

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { runTool } from './run-tool.mjs'
import { installInputs, readJson, root, shown, stateFolder } from './workspace.mjs'

const bin = join(root, 'node_modules', '.bin')
const stamp = join(stateFolder, 'installed')
const sqliteTakesLong = 'SQLite’s binding compiles for about two minutes where no prebuilt one fits, and then needs python3, make and g++.'

/** Installs when needed and builds what changed. Resolves with whether both succeeded. */
export async function prepare() {
  return withLock(async () => (await install()) && (await build()))
}

async function install() {
  const inputs = installInputs()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs && installedPnpm() !== undefined) return true
  rmSync(stamp, { force: true })
  const version = readJson(join(root, 'package.json')).packageManager.replace('pnpm@', '')
  console.log(`Installing packages with pnpm ${version}; the first time it downloads them. ${sqliteTakesLong}`)
  // Its own prefix keeps npx from a pnpm in node_modules that an interrupted install left without its commands.
  const throughNpx = ['npx', '--yes', '--prefix', stateFolder, `pnpm@${version}`]
  const [command, ...args] = installedPnpm() === version ? [join(bin, 'pnpm')] : throughNpx
  const options = ['install', '--frozen-lockfile', '--prod=false', '--reporter=append-only', '--config.confirm-modules-purge=false']
  const log = join(stateFolder, 'install.log')
  if (!(await runTool(command, [...args, ...options], { log, doing: 'installing', hint: installHint }))) return false
  if (!(await fitBinding())) return false
  mkdirSync(stateFolder, { recursive: true })
  writeFileSync(stamp, inputs)
  return true
}

function installedPnpm() {
  const manifest = join(root, 'node_modules', 'pnpm', 'package.json')
  return existsSync(manifest) && existsSync(join(bin, 'pnpm')) ? readJson(manifest).version : undefined
}

/** pnpm keeps a native binding when Node changes its major version; one that does not load any more is built again. */
async function fitBinding() {
  const cwd = join(root, 'packages', 'index-sqlite')
  const loads = ['-e', "new (require('better-sqlite3'))(':memory:').close()"]
  const log = join(stateFolder, 'binding.log')
  if (await runTool(process.execPath, loads, { cwd, log, quiet: true })) return true
  console.log(`SQLite’s binding was built for another Node; building it for ${process.version}. That takes about two minutes where no prebuilt one fits.`)
  const rebuilt = await runTool(join(bin, 'pnpm'), ['rebuild', 'better-sqlite3'], { cwd, log, doing: 'building SQLite’s binding', hint: installHint })
  return rebuilt && (await runTool(process.execPath, loads, { cwd, log, hint: installHint }))
}

function installHint(log) {
  if (/node-gyp|gyp ERR!|prebuild-install/.test(log)) {
    return 'SQLite’s binding could not be built. Install python3, make and g++ (Debian: apt-get install python3 make g++; macOS: xcode-select --install) and run the command again.'
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|META_FETCH_FAIL/.test(log)) {
    return 'The packages could not be downloaded. The first run needs the network, later ones do not.'
  }
  if (log.includes('ERR_PNPM_OUTDATED_LOCKFILE')) return 'A package.json was changed: node_modules/.bin/pnpm install brings pnpm-lock.yaml up to date.'
  return `The whole output is in ${shown(join(stateFolder, 'install.log'))}.`
}

async function build() {
  console.log('Building what changed; takes longest the first time.')
  const log = join(stateFolder, 'build.log')
  return runTool(join(bin, 'turbo'), ['run', 'build', '--ui=stream', '--output-logs=new-only'], { log, doing: 'building' })
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from './run-tool.mjs'
import { stateFolder } from './workspace.mjs'

/**
 * Another version of Node, from npm's packages: where its program is, or `undefined` where npm cannot bring it.
 * The package `node` fetches one for the platform while it is installed; here that one is named, so that no script has to run.
 */
export async function nodeBinary(version) {
  const { platform, arch } = process
  const name = `${platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'}-${platform}-${arch}`
  const folder = join(stateFolder, `node-${version}`)
  const program = join(folder, 'node_modules', name, 'bin', 'node')
  if (existsSync(program)) return program
  const options = ['--no-save', '--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts', '--prefer-offline', '--prefix', folder]
  const log = join(stateFolder, `node-${version}.log`)
  return (await runTool('npm', ['install', ...options, `${name}@${version}`], { log, doing: `downloading Node ${version}` })) ? program : undefined
}

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { dd, syncedFiles } from './disk.mjs'
import { distribution } from './distribution.mjs'
import { nginx } from './nginx.mjs'
import { registryOnFiles } from './registry.mjs'
import { discard, nodeHttp } from './yardsticks.mjs'

const run = promisify(execFile)

/**
 * Everything that is measured: what comes with this folder, what is installed, and what was named.
 *
 * @param peers - programs of distribution, by name
 * @param isAlone - without the peer that is installed
 */
export async function serversOf({ peers, isAlone, progress }) {
  const named = Object.entries(peers).map(([name, command]) => distribution(name, command))
  const installed = []
  for (const server of [...(isAlone ? [] : [distribution('docker-registry', 'docker-registry')]), nginx]) {
    if (await isInstalled(server.command)) installed.push(server)
    else progress(`${server.command} is not installed: nothing is measured beside it`)
  }
  return [registryOnFiles, ...named, ...installed, nodeHttp, discard, dd, syncedFiles]
}

async function isInstalled(command) {
  try {
    await run('which', [command])
    return true
  } catch {
    return false
  }
}

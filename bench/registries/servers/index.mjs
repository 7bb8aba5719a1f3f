import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { dd, syncedFiles } from './disk.mjs'
import { distribution } from './distribution.mjs'
import { nginx } from './nginx.mjs'
import { registries } from './registry.mjs'
import { discard, nodeHttp } from './yardsticks.mjs'

const run = promisify(execFile)

/**
 * Everything that is measured: what comes with this folder, what is installed, and what was named.
 *
 * @param on - what this registry keeps its data in: names of `registries`
 * @param peers - programs of distribution, by name
 * @param isAlone - without the peer that is installed
 */
export async function serversOf({ on, peers, isAlone, progress }) {
  const own = Object.keys(registries).flatMap((backend) => (on.includes(backend) ? [registries[backend]] : []))
  const named = Object.entries(peers).map(([name, command]) => distribution(name, command))
  const installed = []
  for (const server of [...own, ...(isAlone ? [] : [distribution('docker-registry', 'docker-registry')]), nginx]) {
    const missing = await firstMissing(server.needs ?? (server.command ? [server.command] : []))
    if (missing === undefined) installed.push(server)
    else progress(`${missing} is not installed: ${server.name} is not measured`)
  }
  const all = [...installed, ...named, nodeHttp, discard, dd, syncedFiles]
  const twice = all.find(({ name }, n) => all.findIndex((other) => other.name === name) !== n)
  if (twice) throw new Error(`--peer: ${twice.name} is the name of another server that is measured`)
  return all
}

async function firstMissing(commands) {
  for (const command of commands) if (!(await isInstalled(command))) return command
  return undefined
}

async function isInstalled(command) {
  try {
    await run('which', [command])
    return true
  } catch {
    return false
  }
}

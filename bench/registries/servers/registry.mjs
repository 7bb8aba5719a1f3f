import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@registry/services/free-port'
import { startProgram } from './start-program.mjs'

const program = fileURLToPath(new URL('../../../packages/server/dist/cli/main.js', import.meta.url))

/** This registry, as `registry serve` starts it: files and SQLite, with what it logs of each request. */
export const registryOnFiles = {
  name: 'registry',
  kind: 'registry',
  async start({ folder }) {
    const port = await freePort()
    const args = [program, 'serve', '--port', String(port), '--storage-path', join(folder, 'data')]
    return startProgram(process.execPath, args, { port, log: join(folder, 'log') })
  },
}

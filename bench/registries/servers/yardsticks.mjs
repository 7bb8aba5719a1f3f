import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@registry/services/free-port'
import { startProgram } from './start-program.mjs'

/** Servers that do the least that a registry has to do. */
export const nodeHttp = yardstick('node:http', 'node-http-server.mjs')
export const discard = yardstick('discard', 'discard-server.mjs')

function yardstick(name, program) {
  return {
    name,
    kind: 'yardstick',
    async start({ folder, tree }) {
      const port = await freePort()
      const file = fileURLToPath(new URL(program, import.meta.url))
      return startProgram(process.execPath, [file, String(port), tree], { port, log: join(folder, 'log') })
    },
  }
}

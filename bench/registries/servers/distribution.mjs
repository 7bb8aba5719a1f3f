import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@registry/services/free-port'
import { startProgram } from './start-program.mjs'

/**
 * Distribution, of any version, on files. What makes it fast is on: blobs it has described stay in memory, and no request is logged.
 *
 * @param command - the program, in a folder of PATH or with its own
 */
export function distribution(name, command) {
  return {
    name,
    kind: 'peer',
    command,
    async start({ folder }) {
      const port = await freePort()
      const config = join(folder, 'config.yml')
      await writeFile(config, JSON.stringify(configuration(port, join(folder, 'data'))))
      return startProgram(command, ['serve', config], { port, log: join(folder, 'log') })
    },
  }
}

/** JSON is YAML too. */
function configuration(port, rootdirectory) {
  return {
    version: 0.1,
    storage: { filesystem: { rootdirectory }, cache: { blobdescriptor: 'inmemory' }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}` },
    log: { level: 'error', accesslog: { disabled: true } },
  }
}

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { account, accountKey, startAzurite } from '@registry/services/azurite'
import { makePostgres } from '@registry/services/postgres'
import { onTestFinished } from 'vitest'
import { main, type Served } from './pairs.js'

/** Objects in Azurite and the index in PostgreSQL, by the packages of others that `examples` has. Both servers end with the test. */
export async function azureAndPostgres(): Promise<Served> {
  const [azurite, postgres] = await Promise.all([startAzurite(), makePostgres()])
  onTestFinished(async () => {
    await azurite[Symbol.asyncDispose]()
    await postgres.remove()
  })
  const storage = { account, account_key: accountKey, endpoint: azurite.endpoint, container: 'registry' }
  return {
    serve(disk) {
      const config = join(disk, 'config.yml')
      // JSON is YAML.
      writeFileSync(config, JSON.stringify({ dev: { storage: 'azure-blob', 'azure-blob': storage, index: 'postgres', postgres: { url: postgres.url } } }))
      return [process.execPath, main, 'serve', '--port', '0', '--config', config, '--log-level', 'error']
    },
  }
}

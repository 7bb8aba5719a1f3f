import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@registry/services/free-port'
import { startCeph } from '../../engines/ceph.mjs'
import { startDynamodbLocal } from '../../engines/dynamodb.mjs'
import { startProgram } from './start-program.mjs'

const program = fileURLToPath(new URL('../../../packages/server/dist/cli/main.js', import.meta.url))
const inMemory = fileURLToPath(new URL('memory-module.mjs', import.meta.url))

/**
 * This registry, as `registry serve` starts it, with what it logs of each request; by what it keeps objects and facts in.
 * `most` is how many entries it is given, `keeps` whether a restart leaves them, `needs` the programs without which it is not measured.
 */
export const registries = {
  files: {
    name: 'registry',
    kind: 'registry',
    most: Infinity,
    async start({ folder, workers }) {
      const data = join(folder, 'data')
      return { ...(await serve(['--storage-path', data, '--workers', String(workers)], folder)), indexFile: join(data, '@index.sqlite') }
    },
  },
  memory: {
    name: 'registry, memory',
    kind: 'registry',
    keeps: false,
    most: 100_000,
    start: ({ folder }) => serveConfigured({ storage: inMemory, index: inMemory }, folder),
  },
  s3: {
    name: 'registry, S3 + DynamoDB',
    kind: 'registry',
    needs: ['radosgw', 'java'],
    // Local engines answer slowly; what is measured is the registry.
    most: 1_000,
    start: ({ folder, workers }) => serveWithServices(folder, workers),
  },
}

async function serve(args, folder) {
  const port = await freePort()
  return startProgram(process.execPath, [program, 'serve', '--port', String(port), ...args], { port, log: join(folder, 'log') })
}

async function serveConfigured(options, folder) {
  const config = join(folder, 'config.yml')
  // JSON is YAML too.
  await writeFile(config, JSON.stringify({ dev: options }))
  return serve(['--config', config], folder)
}

/** On Ceph and DynamoDB Local, which are started for it, and whose time is not counted as its own. */
async function serveWithServices(folder, workers) {
  const started = []
  const close = async () => {
    for (const one of started.reverse()) await one.close()
  }
  try {
    const ceph = await startCeph('bench')
    started.push(ceph)
    const tables = await startDynamodbLocal()
    started.push(tables)
    const dynamodb = { endpoint: tables.endpoint, region: 'eu-central-1', access_key: 'bench', secret_access_key: 'bench' }
    const registry = await serveConfigured({ storage: 's3', s3: ceph.s3, index: 'dynamodb', dynamodb, workers }, folder)
    started.push(registry)
    return { ...registry, close }
  } catch (error) {
    await close()
    throw error
  }
}

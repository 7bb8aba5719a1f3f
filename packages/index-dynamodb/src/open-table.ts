import { setTimeout as sleep } from 'node:timers/promises'
import { CreateTableCommand, ResourceInUseException, type TableDescription } from '@aws-sdk/client-dynamodb'
import { RegistryError } from '@registry/core'
import { configError } from './config-error.js'
import { findTable } from './find-table.js'
import type { Service } from './service.js'
import { entryTableShape, keySchemaOf, type TableShape } from './table-shape.js'

const firstPause = 50
const longestPause = 2000

/**
 * Waits until a table can be used, and creates it where there is none.
 *
 * @param found - what was found of it
 * @throws `CONFIG` where it belongs to another program
 * @throws `UNAVAILABLE` where it takes longer than `tableTimeout`
 */
export async function openTable(service: Service, name: string, shape: TableShape, found: TableDescription | undefined): Promise<void> {
  const { timeout } = service.settings.tables
  const deadline = performance.now() + timeout
  let table = found
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    const status = table?.TableStatus
    if (status === 'ACTIVE' || status === 'UPDATING') return
    // Where it was created a moment ago, DynamoDB may not know of it yet, and says so only now.
    if (status === undefined) await createTable(service, name, shape)
    else if (status !== 'CREATING' && status !== 'DELETING') throw configError(`${shape.option}: table ${name} cannot be used: it is ${status}`)
    if (performance.now() > deadline) {
      const state = status === 'DELETING' ? 'being deleted' : 'being created'
      const message = `${shape.option}: table ${name} was ${state} for longer than ${timeout / 1000} seconds: try again, or look at it in the console`
      throw new RegistryError('UNAVAILABLE', message, { driver: 'dynamodb', operation: 'open' })
    }
    await sleep(Math.random() * pause)
    table = await findTable(service, name, shape)
  }
}

async function createTable({ client, settings, ask }: Service, name: string, shape: TableShape): Promise<void> {
  const { capacity, deletionProtection } = settings.tables
  const units = shape === entryTableShape ? capacity : capacity && { read: 1, write: 1 }
  const request = new CreateTableCommand({
    TableName: name,
    ...keySchemaOf(shape),
    ...(units ? { ProvisionedThroughput: { ReadCapacityUnits: units.read, WriteCapacityUnits: units.write } } : { BillingMode: 'PAY_PER_REQUEST' }),
    ...(deletionProtection ? { DeletionProtectionEnabled: true } : {}),
  })
  await ask({
    operation: 'CreateTable',
    signal: new AbortController().signal,
    attempt: async (abortSignal) => {
      try {
        await client.send(request, { abortSignal })
      } catch (error) {
        // Another process was faster, or an attempt whose answer was lost.
        if (!(error instanceof ResourceInUseException)) throw error
      }
    },
  })
}

import { setTimeout as sleep } from 'node:timers/promises'
import { CreateTableCommand, DescribeTableCommand, ResourceInUseException, ResourceNotFoundException, type TableDescription } from '@aws-sdk/client-dynamodb'
import { RegistryError } from '@registry/core'
import { configError } from './config-error.js'
import { protectTable } from './protect-table.js'
import type { Service } from './service.js'
import { assertShape, entryTableShape, keySchemaOf, type TableShape } from './table-shape.js'

const firstPause = 50
const longestPause = 2000

/**
 * Waits until a table can be used, and creates it where there is none.
 *
 * @throws `CONFIG` where it belongs to another program
 * @throws `UNAVAILABLE` where it takes longer than `tableTimeout`
 */
export async function openTable(service: Service, name: string, shape: TableShape): Promise<void> {
  const { timeout } = service.settings.tables
  const deadline = performance.now() + timeout
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    const table = await describeTable(service, name)
    if (table) assertShape(name, shape, table)
    switch (table?.TableStatus) {
      case undefined:
        // Where it was created a moment ago, DynamoDB may not know of it yet, and says so only now.
        await createTable(service, name, shape)
        break
      case 'ACTIVE':
      case 'UPDATING':
        await protectTable(service, name, table)
        return
      case 'CREATING':
      case 'DELETING':
        break
      default:
        throw configError(`${shape.option}: table ${name} cannot be used: it is ${table?.TableStatus ?? 'unknown'}`)
    }
    if (performance.now() > deadline) {
      const state = table?.TableStatus === 'DELETING' ? 'being deleted' : 'being created'
      const message = `table ${name} was ${state} for longer than ${timeout / 1000} seconds: try again, or look at it in the console`
      throw new RegistryError('UNAVAILABLE', message, { driver: 'dynamodb', operation: 'open' })
    }
    await sleep(Math.random() * pause)
  }
}

/** `undefined` where there is none. */
async function describeTable({ client, ask }: Service, name: string): Promise<TableDescription | undefined> {
  return ask({
    operation: 'DescribeTable',
    signal: new AbortController().signal,
    attempt: async (abortSignal) => {
      try {
        return (await client.send(new DescribeTableCommand({ TableName: name }), { abortSignal })).Table
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined
        throw error
      }
    },
  })
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

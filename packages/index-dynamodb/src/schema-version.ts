import { ConditionalCheckFailedException, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { RegistryError } from '@registry/core'
import type { Service } from './service.js'

/** Of the form in which entries are kept. A release that changes it raises it, and migrates older ones. */
export const schemaVersion = 1

const key = { id: { S: 'schema' } }

/**
 * Reads the version of the schema, or puts it where there is none.
 *
 * @throws `UNSUPPORTED` where this release does not know it
 */
export async function assertSchemaVersion(service: Service): Promise<void> {
  for (;;) {
    const found = await readVersion(service)
    if (found === String(schemaVersion)) return
    if (found !== undefined) throw unknownVersion(service.settings.versionTable, found)
    await putVersion(service)
  }
}

/** The number as DynamoDB writes it. */
async function readVersion({ client, settings, ask }: Service): Promise<string | undefined> {
  const request = new GetItemCommand({ TableName: settings.versionTable, Key: key, ConsistentRead: true })
  const { signal } = new AbortController()
  const { Item: item } = await ask({ operation: 'GetItem', signal, attempt: (abortSignal) => client.send(request, { abortSignal }) })
  return item && (item['version']?.N ?? 'none')
}

/** Of processes that start together one puts it, and the others read it. */
async function putVersion({ client, settings, ask }: Service): Promise<void> {
  const request = new PutItemCommand({
    TableName: settings.versionTable,
    Item: { ...key, version: { N: String(schemaVersion) } },
    ConditionExpression: 'attribute_not_exists(id)',
  })
  await ask({
    operation: 'PutItem',
    signal: new AbortController().signal,
    attempt: async (abortSignal) => {
      try {
        await client.send(request, { abortSignal })
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
      }
    },
  })
}

function unknownVersion(table: string, found: string): RegistryError {
  const isNewer = Number(found) > schemaVersion
  const advice = isNewer ? 'use the release of @registry/index-dynamodb that made it, or a later one' : 'has something else written to it?'
  const message = `table ${table} says schema version ${found}, and this release knows ${schemaVersion}: ${advice}`
  return new RegistryError('UNSUPPORTED', message, { driver: 'dynamodb', operation: 'open' })
}

import { DescribeTableCommand, ResourceNotFoundException, type TableDescription } from '@aws-sdk/client-dynamodb'
import type { Service } from './service.js'
import { assertShape, type TableShape } from './table-shape.js'

/**
 * Describes a table; `undefined` where there is none.
 *
 * @throws `CONFIG` where it belongs to another program
 */
export async function findTable({ client, ask }: Service, name: string, shape: TableShape): Promise<TableDescription | undefined> {
  const table = await ask({
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
  if (table) assertShape(name, shape, table)
  return table
}

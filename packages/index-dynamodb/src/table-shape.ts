import type { CreateTableCommandInput, TableDescription } from '@aws-sdk/client-dynamodb'
import { configError } from './config-error.js'

/** A table of this index: what its items are found by. */
export interface TableShape {
  /** The option that names it. */
  readonly option: 'repositoryTable' | 'versionTable'
  /** Names of the attributes of its primary key. */
  readonly keys: readonly [partition: string, sort?: string]
}

export const entryTableShape: TableShape = { option: 'repositoryTable', keys: ['partition', 'sort'] }
export const versionTableShape: TableShape = { option: 'versionTable', keys: ['id'] }

/** How a table is said to DynamoDB. Every attribute of a key is a text. */
export function keySchemaOf({ keys }: TableShape): Pick<CreateTableCommandInput, 'AttributeDefinitions' | 'KeySchema'> {
  const names = keys.filter((name) => name !== undefined)
  return {
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: names.map((AttributeName, n) => ({ AttributeName, KeyType: n === 0 ? 'HASH' : 'RANGE' })),
  }
}

/**
 * Makes sure that a table that is there is ours.
 *
 * @throws `CONFIG` where it is not, and names the option that chooses another one
 */
export function assertShape(name: string, shape: TableShape, { KeySchema = [], AttributeDefinitions = [] }: TableDescription): void {
  const found = KeySchema.map(({ AttributeName }) => AttributeName)
  const isText = AttributeDefinitions.filter(({ AttributeName }) => found.includes(AttributeName)).every(({ AttributeType }) => AttributeType === 'S')
  if (isText && found.length === shape.keys.length && found.every((key, n) => key === shape.keys[n])) return
  const option = shape.option === 'repositoryTable' ? 'repository_table' : 'version_table'
  const advice = `name another one with ${option}, or another beginning for both with database, of the section dynamodb`
  if (found.length === 1 && found[0] === 'name') {
    throw configError(`${shape.option}: table ${name} is one of a classic docker-registry, and was not touched: ${advice}`)
  }
  throw configError(`${shape.option}: table ${name} belongs to another program (its key is ${found.join(' and ')}), and was not touched: ${advice}`)
}

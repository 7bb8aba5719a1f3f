import type { Index } from '@registry/core'
import type { Harness } from '@registry/core/conformance'
import { type DynamodbTables, dynamodbTables } from '@registry/services/dynamodb-tables'
import { dynamodbIndex, type DynamodbIndexOptions } from '../src/index.js'

/** What an index needs to know of its tables. */
export function optionsFor({ endpoint, region, accessKey, secretKey: secretAccessKey, database }: DynamodbTables): DynamodbIndexOptions {
  return { endpoint, region, accessKey, secretAccessKey, database }
}

/** Two tables of its own for each case. */
export const dynamodbHarness: Harness<Index> = async () => {
  const tables = await dynamodbTables()
  return {
    open: () => dynamodbIndex(optionsFor(tables)),
    destroy: async () => {
      await tables[Symbol.asyncDispose]()
    },
  }
}

import { s3Driver } from '@registry/driver-s3'
import { dynamodbIndex } from '@registry/index-dynamodb'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { dynamodbTables } from '@registry/services/dynamodb-tables'
import { startS3Server } from '@registry/services/s3-server'
import { expect, it } from 'vitest'
import { runSeed } from './run-seed.js'

/** How many seeds every run of the tests tries; `SEEDS_ON_DYNAMODB` for more. */
const seeds = Number(process.env['SEEDS_ON_DYNAMODB'] ?? 40)

async function run(seed: number): Promise<readonly string[]> {
  await using tables = await dynamodbTables()
  const server = await startS3Server()
  const { endpoint, region, bucket, accessKey, secretKey } = server
  const driver = await s3Driver({ endpoint, region, bucket, accessKey, secretKey, sweep: false })
  const index = await dynamodbIndex({ ...tables, secretAccessKey: tables.secretKey })
  try {
    return await runSeed(seed, { storages: { driver, index } })
  } finally {
    await Promise.all([driver.close(), index.close()])
    await server.close()
  }
}

describeWithDynamodb('S3 + DynamoDB', () => {
  it.each(Array.from({ length: seeds }, (_, n) => n + 1))('answer in whatever order as memory does, seed %i', { timeout: 120_000 }, async (seed) => {
    // The same calls in the same order: nothing but their answers could have changed what came next.
    expect(await run(seed)).toEqual(await runSeed(seed))
  })
})

import { s3Driver } from '@registry/driver-s3'
import { dynamodbIndex } from '@registry/index-dynamodb'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { type DynamodbProxy, type LoggedRequest, startDynamodbProxy } from '@registry/services/dynamodb-proxy'
import { type DynamodbTables, dynamodbTables } from '@registry/services/dynamodb-tables'
import { type S3Server, startS3Server } from '@registry/services/s3-server'
import { skipEmptyPartitions } from '@registry/services/skip-empty-partitions'
import { expect, it } from 'vitest'
import { createRegistry, type Registry } from '../src/index.js'
import { pushImage, readManifest } from './support/images.js'

const openers = 200
/** All of them share the processors of one machine. */
const patience = { connectTimeout: 60_000, requestTimeout: 60_000, retryTimeout: 120_000 }

interface Place {
  readonly server: S3Server
  readonly tables: DynamodbTables
  readonly proxy: DynamodbProxy
}

/** @param written - the partitions that have entries */
async function open({ server, tables, proxy }: Place, written: Set<string>): Promise<Registry> {
  const { endpoint, region, bucket, accessKey, secretKey } = server
  const [driver, index] = await Promise.all([
    s3Driver({ endpoint, region, bucket, accessKey, secretKey, sweep: false }),
    dynamodbIndex({ ...tables, secretAccessKey: tables.secretKey, endpoint: proxy.endpoint, ...patience }),
  ])
  return createRegistry({ driver, index: skipEmptyPartitions(index, written) })
}

type Item = Readonly<Record<string, { readonly S: string }>>

/** The rows that say how far a rebuild is, in the order in which they were put. */
function rebuildRows(requests: readonly LoggedRequest[]): readonly { readonly phase: string; readonly holder?: string }[] {
  return requests.flatMap(({ body, status }) => {
    const puts = [body['Item'], ...(body.TransactItems ?? []).map(({ Put }) => Put?.Item)] as (Item | undefined)[]
    const row = puts.find((item) => item?.['partition']?.S === 'system' && item['sort']?.S === 'rebuild')
    return row && status === 200 ? [JSON.parse(row['value']!.S) as { phase: string; holder?: string }] : []
  })
}

describeWithDynamodb('two hundred openers at once', () => {
  it('of a storage whose tables are lost end with one pair of tables and one rebuild', { timeout: 180_000 }, async () => {
    await using tables = await dynamodbTables()
    const [server, proxy] = await Promise.all([startS3Server(), startDynamodbProxy(tables)])
    const place = { server, tables, proxy }
    const first = await open(place, new Set())
    const { manifest } = await pushImage(first, 'a', 'tag', ['{}', 'layer'])
    await first.close()
    await tables.drop()
    proxy.takeRequests()

    const written = new Set<string>()
    const registries = await Promise.all(Array.from({ length: openers }, () => open(place, written)))
    const counts = { repositories: 1, manifests: 1, tags: 1, blobs: 2 }
    for (const { rebuild } of registries) expect(await rebuild?.report).toMatchObject({ counts, problemCount: 0 })
    for (const registry of registries) expect(await readManifest(registry, 'a', 'tag')).toBe(manifest.toString())

    const requests = proxy.takeRequests()
    const created = requests.filter(({ operation, status }) => operation === 'CreateTable' && status === 200)
    expect(created.map(({ body }) => body.TableName).sort()).toEqual([`${tables.database}-repository`, `${tables.database}-version`])
    const steps = rebuildRows(requests)
    expect(steps.filter(({ holder }) => holder === undefined)).toHaveLength(1)
    expect(new Set(steps.flatMap(({ holder }) => holder ?? [])).size).toBe(1)
    expect(steps.filter(({ phase }) => phase === 'complete')).toHaveLength(1)

    await Promise.all(registries.map((registry) => registry.close()))
    await Promise.all([proxy.close(), server.close()])
  })
})

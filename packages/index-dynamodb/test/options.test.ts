import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import type { IndexModule } from '@registry/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { dynamodbIndex, type DynamodbIndexOptions, index as dynamodbModule } from '../src/index.js'
import { optionsFor } from './dynamodb-harness.js'
import { forgedAnswer, forgedError, type Forged, startForged } from './forged-dynamodb.js'
import { freshKey, ownTables, rejection, startIndex } from './through-proxy.js'

interface Start {
  readonly forged: Forged
  readonly tables: readonly string[]
}

/** Starts at a DynamoDB that has all tables, so that every name can be tried. */
async function startAnywhere(options: DynamodbIndexOptions): Promise<Start> {
  const tables: string[] = []
  const forged = await startForged('http://127.0.0.1:1', (operation, { TableName }) => {
    tables.push(String(TableName))
    if (operation === 'GetItem') return forgedAnswer({ Item: { id: { S: 'schema' }, version: { N: '1' } } })
    if (operation !== 'DescribeTable') return forgedError('ValidationException')
    const names = String(TableName).includes('version') ? ['id'] : ['partition', 'sort']
    const AttributeDefinitions = names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }))
    return forgedAnswer({ Table: { TableStatus: 'ACTIVE', AttributeDefinitions, KeySchema: names.map((AttributeName) => ({ AttributeName })) } })
  })
  const index = await dynamodbIndex({ endpoint: forged.endpoint, accessKey: 'AKEXAMPLE', secretAccessKey: 's', retryTimeout: 0, ...options })
  await index.close()
  return { forged, tables: [...new Set(tables)].sort() }
}

function withEnvironment(environment: Readonly<Record<string, string | undefined>>): void {
  const nothing = { AWS_SHARED_CREDENTIALS_FILE: '/nowhere', AWS_CONFIG_FILE: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true' }
  for (const [name, value] of Object.entries({ ...nothing, ...environment })) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
}

describe('the option', () => {
  it.each<[DynamodbIndexOptions, readonly string[]]>([
    [{}, ['docker-registry-repository', 'docker-registry-version']],
    [{ database: 'production' }, ['production-repository', 'production-version']],
    [{ database: 'production', repositoryTable: 'facts' }, ['facts', 'production-version']],
    [{ database: 'production', versionTable: 'the.version' }, ['production-repository', 'the.version']],
  ])('names tables: %j', async (options, expected) => {
    expect((await startAnywhere(options)).tables).toEqual(expected)
  })

  it('region signs', async () => {
    withEnvironment({ AWS_REGION: 'eu-west-3' })
    const { forged } = await startAnywhere({ region: 'ap-south-1' })
    for (const { authorization } of forged.headers) expect(authorization).toContain('/ap-south-1/dynamodb/aws4_request')
  })

  it('region is what the environment says, where it is not given, and else us-east-1', async () => {
    for (const [AWS_REGION, expected] of [['eu-west-3', 'eu-west-3'], [undefined, 'us-east-1']] as const) {
      withEnvironment({ AWS_REGION })
      const { forged } = await startAnywhere({})
      expect(forged.headers[0]!.authorization).toContain(`/${expected}/dynamodb/aws4_request`)
    }
  })

  it('accessKey and sessionToken go with every request, and the secret with none', async () => {
    const { forged } = await startAnywhere({ secretAccessKey: 'secret-key-1', sessionToken: 'token-1' })
    expect(forged.headers.length).toBeGreaterThan(2)
    for (const headers of forged.headers) {
      expect(headers.authorization).toContain('Credential=AKEXAMPLE/')
      expect(headers['x-amz-security-token']).toBe('token-1')
      expect(JSON.stringify(headers)).not.toContain('secret-key-1')
    }
  })

  it('accessKey is what the environment has, where it is not given', async () => {
    withEnvironment({ AWS_ACCESS_KEY_ID: 'AKFOUND', AWS_SECRET_ACCESS_KEY: 's' })
    const { forged } = await startAnywhere({ accessKey: undefined, secretAccessKey: undefined })
    expect(forged.headers[0]!.authorization).toContain('Credential=AKFOUND/')
  })

  it('that is wrong is refused before anything is sent', async () => {
    const { code, message } = await rejection(dynamodbIndex({ database: 'a b' }))
    expect([code, message]).toEqual(['CONFIG', expect.stringMatching(/^repositoryTable: /)])
  })
})

describeWithDynamodb('the option', () => {
  it('requestTimeout ends a request that is not answered', async () => {
    const { proxy, index } = await startIndex({ requestTimeout: 1000, retryTimeout: 0 })
    proxy.inject({ kind: 'hang', times: 100 })
    expect(await rejection(index.get([freshKey()]))).toMatchObject({ code: 'UNAVAILABLE' })
    expect(proxy.counts()).toEqual({ GetItem: 1 })
  })

  it('retryTimeout says for how long a call is sent again', async () => {
    const { proxy, index } = await startIndex({ retryTimeout: 400 })
    proxy.inject({ kind: 'error', code: 'ThrottlingException', times: 100_000 })
    const since = performance.now()
    await rejection(index.get([freshKey()]))
    expect(performance.now() - since).toBeLessThan(5000)
    const few = proxy.requests.length
    const patient = await startIndex({ retryTimeout: 4000 })
    const fault = patient.proxy.inject({ kind: 'error', code: 'ThrottlingException', times: few + 1 })
    expect(await patient.index.get([freshKey()])).toEqual([undefined])
    expect(fault.struck).toBe(few + 1)
  })
})

describeWithDynamodb('the package', () => {
  it('is found by a server as an index', async () => {
    const tables = await ownTables()
    const found: IndexModule<DynamodbIndexOptions> = dynamodbModule
    const index = await found.open(optionsFor(tables))
    onTestFinished(() => index.close())
    expect([found.contract, found.name, index.contract, index.name]).toEqual([1, 'dynamodb', 1, 'dynamodb'])
    expect(index.capabilities).toEqual({ search: true, limits: { changes: 100, commitBytes: 4_000_000, valueBytes: 390_000, spread: 16 } })
    expect([Object.isFrozen(index.capabilities), Object.isFrozen(index.capabilities.limits)]).toEqual([true, true])
  })
})

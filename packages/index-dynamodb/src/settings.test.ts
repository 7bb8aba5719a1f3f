import { RegistryError } from '@registry/core'
import { describe, expect, it } from 'vitest'
import type { DynamodbIndexOptions } from './dynamodb-index-options.js'
import { index } from './index-module.js'
import { settingsOf } from './settings.js'

function refusalOf(options: DynamodbIndexOptions): RegistryError {
  try {
    settingsOf(options)
  } catch (error) {
    if (RegistryError.is(error)) return error
  }
  throw new Error(`${JSON.stringify(options)} is not refused`)
}

it('without options is what the table of options says', () => {
  const settings = settingsOf({})
  expect(settings).toEqual({
    entryTable: 'docker-registry-repository',
    versionTable: 'docker-registry-version',
    region: undefined,
    endpoint: undefined,
    credentials: undefined,
    tables: { capacity: undefined, pointInTimeRecovery: false, deletionProtection: false, timeout: 300_000 },
    connectTimeout: 2000,
    requestTimeout: 5000,
    retryTimeout: 15_000,
  })
  const defaults = Object.fromEntries(Object.entries(index.options).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])))
  const times = { connectTimeout: 2000, requestTimeout: 5000, retryTimeout: 15_000, tableTimeout: 300_000 }
  expect(defaults).toEqual({ database: 'docker-registry', billing: 'on-demand', ...times })
})

it.each<[DynamodbIndexOptions, object]>([
  [{ database: 'a' }, { entryTable: 'a-repository', versionTable: 'a-version' }],
  [{ database: 'a', repositoryTable: 'one' }, { entryTable: 'one', versionTable: 'a-version' }],
  [{ database: 'a', versionTable: 'two' }, { entryTable: 'a-repository', versionTable: 'two' }],
  [{ database: '', repositoryTable: '', versionTable: '' }, { entryTable: 'docker-registry-repository', versionTable: 'docker-registry-version' }],
  [{ region: 'eu-central-1' }, { region: 'eu-central-1' }],
  [{ region: '', endpoint: '', accessKey: '', secretAccessKey: '', sessionToken: '' }, { region: undefined, endpoint: undefined, credentials: undefined }],
  [{ endpoint: 'https://dynamodb.example.com:8000/path' }, { endpoint: new URL('https://dynamodb.example.com:8000/path') }],
  [{ accessKey: 'a', secretAccessKey: 'b' }, { credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }],
  [{ accessKey: 'a', secretAccessKey: 'b', sessionToken: 'c' }, { credentials: { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' } }],
  [{ connectTimeout: 1, requestTimeout: 2, retryTimeout: 0 }, { connectTimeout: 1, requestTimeout: 2, retryTimeout: 0 }],
])('%j is taken', (options, expected) => {
  expect(settingsOf(options)).toMatchObject(expected)
})

it.each<[DynamodbIndexOptions, object]>([
  [{ billing: 'on-demand' }, { capacity: undefined }],
  [{ billing: 'provisioned', readCapacity: 2, writeCapacity: 3 }, { capacity: { read: 2, write: 3 } }],
  [{ pointInTimeRecovery: true, deletionProtection: true }, { pointInTimeRecovery: true, deletionProtection: true }],
  [{ tableTimeout: 86_400_000 }, { timeout: 86_400_000 }],
])('%j is how tables are made', (options, expected) => {
  expect(settingsOf(options).tables).toMatchObject(expected)
})

describe('is refused, and named', () => {
  it.each<[DynamodbIndexOptions, string]>([
    [{ repositoryTable: 'ab' }, 'repositoryTable: expected the name of a table, 3 to 255 letters, digits, underscores, dots and hyphens, got "ab"'],
    [{ versionTable: 'a b c' }, 'versionTable: expected the name of a table'],
    [{ database: 'a/b' }, 'repositoryTable: expected the name of a table'],
    [{ database: 'x'.repeat(245) }, 'repositoryTable: expected the name of a table'],
    [{ repositoryTable: 'same', versionTable: 'same' }, 'versionTable: expected another table than repositoryTable, got same for both'],
    [{ region: 'eu west' }, 'region: expected the name of a region, such as eu-central-1, got "eu west"'],
    [{ region: 'eu.west' }, 'region: expected the name of a region'],
    [{ region: '-eu' }, 'region: expected the name of a region'],
    [{ endpoint: '127.0.0.1:8000' }, 'endpoint: expected a URL such as http://127.0.0.1:8000, without a user, ? and #, got "127.0.0.1:8000"'],
    [{ endpoint: 'ftp://a' }, 'endpoint: expected a URL'],
    [{ endpoint: 'http://a/#b' }, 'endpoint: expected a URL'],
    [{ accessKey: 'a' }, 'secretAccessKey: expected one beside accessKey, got none'],
    [{ secretAccessKey: 'b' }, 'accessKey: expected one beside secretAccessKey, got none'],
    [{ sessionToken: 'c' }, 'sessionToken: expected accessKey and secretAccessKey beside it, got neither'],
    [{ readCapacity: 5 }, 'readCapacity: expected billing provisioned beside it, got on-demand'],
    [{ billing: 'on-demand', writeCapacity: 5 }, 'writeCapacity: expected billing provisioned beside it, got on-demand'],
    [{ billing: 'provisioned', writeCapacity: 5 }, 'readCapacity: expected one beside billing provisioned, got none'],
    [{ billing: 'provisioned', readCapacity: 5 }, 'writeCapacity: expected one beside billing provisioned, got none'],
    [{ billing: 'provisioned', readCapacity: 0, writeCapacity: 5 }, 'readCapacity: expected a whole number from 1 up, got 0'],
    [{ billing: 'provisioned', readCapacity: 1, writeCapacity: 1.5 }, 'writeCapacity: expected a whole number from 1 up, got 1.5'],
    [{ connectTimeout: 0 }, 'connectTimeout: expected a whole number from 1 to 3600000, got 0'],
    [{ requestTimeout: 3_600_001 }, 'requestTimeout: expected a whole number from 1 to 3600000, got 3600001'],
    [{ retryTimeout: -1 }, 'retryTimeout: expected a whole number from 0 to 300000, got -1'],
    [{ retryTimeout: 300_001 }, 'retryTimeout: expected a whole number from 0 to 300000, got 300001'],
    [{ tableTimeout: Number.NaN }, 'tableTimeout: expected a whole number from 1 to 86400000, got NaN'],
  ])('%j', (options, message) => {
    const error = refusalOf(options)
    expect([error.code, error.driver, error.operation]).toEqual(['CONFIG', 'dynamodb', 'open'])
    expect(error.message.startsWith(message)).toBe(true)
  })

  it.each([
    'http://user:secret-1@host:8000',
    'user:secret-1@host:8000',
    'http://host?token=secret-1',
    'http://host#secret-1',
    'ftp://a@b:secret-1@host',
  ])('%s, without what may be a secret', (endpoint) => {
    expect(refusalOf({ endpoint }).message).toMatch(/^endpoint: (?!.*secret-1)/)
  })
})

it('has limits that are those of the table of options', () => {
  for (const [name, { type, minimum, maximum }] of Object.entries(index.options)) {
    if (type !== 'integer') continue
    const options = name.endsWith('Capacity') ? { billing: 'provisioned' as const, readCapacity: 1, writeCapacity: 1 } : {}
    const limits = [minimum, maximum].filter((limit) => limit !== undefined)
    for (const limit of limits) expect(() => settingsOf({ ...options, [name]: limit })).not.toThrow()
    expect(() => settingsOf({ ...options, [name]: minimum! - 1 })).toThrow(name)
    if (maximum !== undefined) expect(() => settingsOf({ ...options, [name]: maximum + 1 })).toThrow(name)
  }
})

import { randomUUID } from 'node:crypto'
import { afterAll, expect, onTestFinished } from 'vitest'
import { type EntryKey, type Index, RegistryError } from '@registry/core'
import { type DynamodbProxy, startDynamodbProxy } from '@registry/services/dynamodb-proxy'
import { type DynamodbTables, dynamodbTables } from '@registry/services/dynamodb-tables'
import { dynamodbIndex, type DynamodbIndexOptions } from '../src/index.js'
import { optionsFor } from './dynamodb-harness.js'

export interface Started {
  readonly proxy: DynamodbProxy
  /** Through the proxy. */
  readonly index: Index
}

let shared: Promise<DynamodbTables> | undefined
let other: Promise<Index> | undefined

afterAll(async () => {
  await (await other)?.close()
  await (await shared)?.[Symbol.asyncDispose]()
})

/** The tables that all tests of a file share, each with keys of its own. */
export async function sharedTables(): Promise<DynamodbTables> {
  shared ??= dynamodbTables()
  return shared
}

/** Tables of its own for one test. */
export async function ownTables(): Promise<DynamodbTables> {
  const tables = await dynamodbTables()
  onTestFinished(() => tables[Symbol.asyncDispose]())
  return tables
}

export async function startProxy(): Promise<DynamodbProxy> {
  const proxy = await startDynamodbProxy(await sharedTables())
  onTestFinished(() => proxy.close())
  return proxy
}

/** An index for one test, behind a proxy of its own, whose first request is one of the test. */
export async function startIndex(options: DynamodbIndexOptions = {}): Promise<Started> {
  // It makes the tables, however short the timeouts of the test are.
  await otherIndex()
  const proxy = await startProxy()
  const index = await dynamodbIndex({ ...optionsFor(await sharedTables()), endpoint: proxy.endpoint, ...options })
  onTestFinished(() => index.close())
  proxy.takeRequests()
  return { proxy, index }
}

/** Another process, which has no proxy before it. */
export async function otherIndex(): Promise<Index> {
  other ??= sharedTables().then((tables) => dynamodbIndex(optionsFor(tables)))
  return other
}

/** Keys of one partition that nobody else has. */
export function freshKeys(count: number): readonly EntryKey[] {
  const partition = randomUUID()
  return Array.from({ length: count }, (_, n) => ({ partition, sort: `key-${String(n).padStart(4, '0')}` }))
}

export function freshKey(): EntryKey {
  return freshKeys(1)[0]!
}

/** The error that a call rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<RegistryError> {
  const error: unknown = await promise.then(() => 'it resolved', (reason: unknown) => reason)
  expect(error).toSatisfy((reason) => RegistryError.is(reason))
  return error as RegistryError
}

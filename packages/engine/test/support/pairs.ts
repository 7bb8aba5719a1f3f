import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Driver, Index } from '@registry/core'
import { memoryDriver, memoryIndex, MemoryIndexStorage, type MemoryStorage } from '@registry/core/memory'
import { fileDriver } from '@registry/driver-file'
import { sqliteIndex } from '@registry/index-sqlite'
import { describeWithCeph } from '@registry/services/describe-with-ceph'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { skipEmptyPartitions } from '@registry/services/skip-empty-partitions'
import { describe } from 'vitest'

/** The storages of one registry: what is put through one driver or index is seen through every other that is opened here. */
export interface Storages extends AsyncDisposable {
  driver(): Promise<Driver>
  index(): Promise<Index>
  /** What the index held is gone for those who open it from now on. */
  loseIndex(): Promise<void>
}

/** A driver and an index that the engine's tests run on. */
export interface Pair {
  readonly name: string
  /** `describe`, for tests that run on it. */
  describe(title: string, body: () => void): void
  open(): Promise<Storages>
}

const memory: Pair = {
  name: 'memory + memory',
  describe,
  async open(): Promise<Storages> {
    const objects: MemoryStorage = new Map()
    let rows = new MemoryIndexStorage()
    return {
      driver: async () => memoryDriver({ storage: objects }),
      index: async () => memoryIndex({ storage: rows }),
      async loseIndex(): Promise<void> {
        rows = new MemoryIndexStorage()
      },
      async [Symbol.asyncDispose](): Promise<void> {},
    }
  },
}

/** What the engine's tests find out is not about disks, so that they need not wait for one. */
const memoryDisk = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** With the limits of other indexes, so that the engine splits its commits and puts large texts aside here too. */
const openSqlite = (file: string): Promise<Index> => sqliteIndex({ file, limits: memoryIndex().capabilities.limits })

const fileAndSqlite: Pair = {
  name: 'file + SQLite',
  describe,
  async open(): Promise<Storages> {
    const folder = await mkdtemp(join(memoryDisk, 'registry-engine-'))
    let lost = 0
    return {
      driver: () => fileDriver({ root: join(folder, 'storage') }),
      index: () => openSqlite(join(folder, `index-${lost}.sqlite`)),
      async loseIndex(): Promise<void> {
        lost++
      },
      async [Symbol.asyncDispose](): Promise<void> {
        await rm(folder, { recursive: true })
      },
    }
  },
}

/** On an S3 server of our own, which ends with the storages, and two tables of DynamoDB Local. */
const s3AndDynamodb: Pair = {
  name: 'S3 + DynamoDB',
  describe: describeWithDynamodb,
  async open(): Promise<Storages> {
    const [{ s3Driver }, { startS3Server }, { dynamodbIndex }, { dynamodbTables }] = await Promise.all([
      import('@registry/driver-s3'),
      import('@registry/services/s3-server'),
      import('@registry/index-dynamodb'),
      import('@registry/services/dynamodb-tables'),
    ])
    const written = new Set<string>()
    const [server, tables] = await Promise.all([startS3Server(), dynamodbTables()])
    const { endpoint, region, bucket, accessKey, secretKey } = server
    return {
      driver: () => s3Driver({ endpoint, region, bucket, accessKey, secretKey, sweep: false }),
      index: async () => skipEmptyPartitions(await dynamodbIndex({ ...tables, secretAccessKey: tables.secretKey }), written),
      async loseIndex(): Promise<void> {
        await tables.drop()
        written.clear()
      },
      async [Symbol.asyncDispose](): Promise<void> {
        await Promise.all([server.close(), tables[Symbol.asyncDispose]()])
      },
    }
  },
}

const cephAndSqlite: Pair = {
  name: 'Ceph + SQLite',
  describe: describeWithCeph,
  async open(): Promise<Storages> {
    const [{ s3Driver }, { cephRoot }] = await Promise.all([import('@registry/driver-s3'), import('@registry/services/ceph')])
    const place = await cephRoot()
    const { endpoint, region, bucket, root, accessKey, secretKey } = place
    const folder = await mkdtemp(join(memoryDisk, 'registry-engine-'))
    let lost = 0
    return {
      driver: () => s3Driver({ endpoint, region, bucket, root, accessKey, secretKey, sweep: false }),
      index: () => openSqlite(join(folder, `index-${lost}.sqlite`)),
      async loseIndex(): Promise<void> {
        lost++
      },
      async [Symbol.asyncDispose](): Promise<void> {
        await rm(folder, { recursive: true })
        await place[Symbol.asyncDispose]()
      },
    }
  },
}

/** Pairs whose driver needs no network. */
const pairsAtHand: readonly Pair[] = [memory, fileAndSqlite]

/** Every pair that the tests run on: a further one is one more line here. */
const pairs: readonly Pair[] = [...pairsAtHand, s3AndDynamodb, cephAndSqlite]

/** `describe`, once on each pair. */
export function describeEachPair(title: string, tests: (pair: Pair) => void): void {
  describeOn(pairs, title, tests)
}

/** `describe`, once on each pair that needs no network. */
export function describePairsAtHand(title: string, tests: (pair: Pair) => void): void {
  describeOn(pairsAtHand, title, tests)
}

function describeOn(some: readonly Pair[], title: string, tests: (pair: Pair) => void): void {
  for (const pair of some) {
    pair.describe(`${title}, on ${pair.name}`, () => {
      tests(pair)
    })
  }
}

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

/** What one registry keeps its data in, to be opened again and again. */
export interface Storages extends AsyncDisposable {
  open(): Promise<{ readonly driver: Driver; readonly index: Index }>
  /** The index is gone for who opens it from now on. */
  loseIndex(): Promise<void>
}

/** A kind of driver and a kind of index. */
export interface Pair {
  readonly name: string
  /** `describe`, for tests that run on it. */
  describe(title: string, body: () => void): void
  /** How many things a test makes at the most that wants thousands. */
  readonly many: number
  make(): Promise<Storages>
}

export const memory: Pair = {
  name: 'memory + memory',
  describe,
  many: 10_000,
  async make(): Promise<Storages> {
    const objects: MemoryStorage = new Map()
    let rows = new MemoryIndexStorage()
    return {
      open: async () => ({ driver: memoryDriver({ storage: objects }), index: memoryIndex({ storage: rows }) }),
      async loseIndex(): Promise<void> {
        rows = new MemoryIndexStorage()
      },
      async [Symbol.asyncDispose](): Promise<void> {},
    }
  },
}

/** What these tests find out is not about disks, so that they need not wait for one. */
const memoryDisk = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

const fileAndSqlite: Pair = {
  name: 'file + SQLite',
  describe,
  many: 3000,
  async make(): Promise<Storages> {
    const folder = await mkdtemp(join(memoryDisk, 'registry-pair-'))
    const file = join(folder, 'index.sqlite')
    return {
      open: async () => ({ driver: await fileDriver({ root: join(folder, 'storage') }), index: await sqliteIndex({ file }) }),
      loseIndex: () => removeIndex(file),
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
  // What is put goes through a process more; pages of thousands are the conformance suites'.
  many: 200,
  async make(): Promise<Storages> {
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
      open: async () => ({
        driver: await s3Driver({ endpoint, region, bucket, accessKey, secretKey, sweep: false }),
        index: skipEmptyPartitions(await dynamodbIndex({ ...tables, secretAccessKey: tables.secretKey }), written),
      }),
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
  // What is put goes through two processes more; lists of ten thousand objects are the conformance suite's.
  many: 200,
  async make(): Promise<Storages> {
    const [{ s3Driver }, { cephRoot }] = await Promise.all([import('@registry/driver-s3'), import('@registry/services/ceph')])
    const place = await cephRoot()
    const { endpoint, region, bucket, root, accessKey, secretKey } = place
    const folder = await mkdtemp(join(memoryDisk, 'registry-pair-'))
    const file = join(folder, 'index.sqlite')
    return {
      open: async () => ({ driver: await s3Driver({ endpoint, region, bucket, root, accessKey, secretKey, sweep: false }), index: await sqliteIndex({ file }) }),
      loseIndex: () => removeIndex(file),
      async [Symbol.asyncDispose](): Promise<void> {
        await rm(folder, { recursive: true })
        await place[Symbol.asyncDispose]()
      },
    }
  },
}

async function removeIndex(file: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(file + suffix, { force: true })
}

/** Every pair that has to give the same answers: a further one is one more line here. */
const pairs: readonly Pair[] = [memory, fileAndSqlite, s3AndDynamodb, cephAndSqlite]

/** `describe`, once on each pair. */
export function describeEachPair(title: string, tests: (pair: Pair) => void): void {
  for (const pair of pairs) {
    pair.describe(`${title} on ${pair.name}`, () => {
      tests(pair)
    })
  }
}

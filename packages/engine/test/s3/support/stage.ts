import { RegistryError } from '@registry/core'
import { memoryDriver, memoryIndex, MemoryIndexStorage } from '@registry/core/memory'
import { s3Driver, sweepAbandonedUploads, type S3DriverOptions } from '@registry/driver-s3'
import { describe } from 'vitest'
import { type S3Server, startS3Server } from '@registry/services/s3-server'
import type { Policy, Registry } from '../../../src/index.js'
import { Bench } from '../../support/bench.js'
import type { Storages } from '../../support/pairs.js'
import { findUntidy } from '../../support/tidy.js'
import { BucketView } from './bucket-view.js'

const root = 'registry/'
const day = 24 * 3_600_000

export interface StageOptions {
  readonly driver?: Partial<S3DriverOptions>
  readonly policy?: Partial<Policy>
}

/**
 * A bucket, and two kinds of processes on it: those of the bench see it past all requests, prepare and look;
 * the one under test has the S3 driver, whose requests fail.
 */
export class Stage implements AsyncDisposable {
  readonly server: S3Server
  readonly bench: Bench
  /** Ids of upload sessions, by the names that the test gives them. */
  readonly sessions: Map<string, string> = new Map()
  /** Nothing fails any more. */
  isOver = false
  #underTest: Registry | undefined
  readonly #driver: S3DriverOptions
  readonly #access: { isPast: boolean }

  private constructor(server: S3Server, bench: Bench, driver: S3DriverOptions, access: { isPast: boolean }) {
    this.server = server
    this.bench = bench
    this.#driver = driver
    this.#access = access
  }

  static async open({ driver: more = {}, policy = {} }: StageOptions = {}): Promise<Stage> {
    const server = await startS3Server({ signatures: false })
    const { endpoint, bucket, accessKey, secretKey, region } = server
    const driver: S3DriverOptions = { endpoint, bucket, accessKey, secretKey, region, root, sweep: false, partBytes: 5 * 2 ** 20, ...more }
    const access = { isPast: true }
    let rows = new MemoryIndexStorage()
    const storages: Storages = {
      driver: async () => (access.isPast ? memoryDriver({ storage: new BucketView(server, root) }) : s3Driver(driver)),
      index: async () => memoryIndex({ storage: rows }),
      loseIndex: async () => {
        rows = new MemoryIndexStorage()
      },
      [Symbol.asyncDispose]: () => server.close(),
    }
    const pair = { name: 'S3', describe, open: () => Promise.resolve(storages) }
    // No look of the fence is to come in between; each case sees for itself whether all is in order.
    const quiet = { ownershipCheckMilliseconds: day, ownershipTrustMilliseconds: 3 * day, ...policy }
    const bench = await Bench.open(pair, { failsInBackground: true, untidy: 'see `problems`', policy: quiet })
    bench.now = Date.now()
    return new Stage(server, bench, driver, access)
  }

  /** The registry whose requests fail; once it is done with, one that has none. */
  get registry(): Registry {
    if (this.isOver) return this.bench.registry
    if (!this.#underTest) throw new Error('no process is under test yet')
    return this.#underTest
  }

  /** Starts the process under test. Where nothing is to fail, again until a busy machine lets it. */
  async enterUnharmed(): Promise<void> {
    for (;;) {
      try {
        await this.enter()
        return
      } catch (error) {
        if (!RegistryError.is(error, 'UNAVAILABLE')) throw error
      }
    }
  }

  async enter(): Promise<void> {
    this.#access.isPast = false
    try {
      this.#underTest = (await this.bench.begin()).registry
    } finally {
      this.#access.isPast = true
    }
  }

  session(name: string): string {
    const id = this.sessions.get(name)
    if (id === undefined) throw new Error(`there is no session ${name}`)
    return id
  }

  /** Does what time does: others finish what was left, and the day after everything that nobody needs is gone. */
  async letDaysPass(): Promise<void> {
    this.bench.registry = (await this.bench.start()).registry
    this.bench.now += 3 * day
    const folders = new Set((await this.bench.keys('blobs/')).map((key) => key.slice('blobs/'.length, 'blobs/'.length + 2)))
    await this.bench.registry.sweep({ noteAge: 0, objectFolders: [...folders] })
    await this.bench.settled()
    this.server.ageUploads(3 * day)
    if (this.server.uploads().length > 0) await sweepAbandonedUploads({ ...this.#driver, retries: 4, requestTimeout: 10_000 })
  }

  /** What is not in order, or was left. */
  async problems(): Promise<readonly string[]> {
    const parts = this.server.uploads().map(({ key }) => `parts of ${key} are left`)
    const strange = this.server.objects().filter(({ key }) => !key.startsWith(root)).map(({ key }) => `${key} is outside of the root`)
    const sessions = Object.keys(await this.bench.rows('uploads/')).map((key) => `${key} is left`)
    return [...findUntidy(await this.bench.world()), ...parts, ...strange, ...sessions]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]()
  }
}

import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sweepAbandonedUploads } from '@registry/driver-s3'
import { describeWithCeph } from '@registry/services/describe-with-ceph'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { describeWith } from '../support/require-program.js'
import { azureAndPostgres } from './support/azure-and-postgres.js'
import { newBook } from './support/book.js'
import { cephAndSqlite } from './support/ceph-and-sqlite.js'
import { contentOf } from './support/content.js'
import { killRounds } from './support/kill-rounds.js'
import { pairs, type Served } from './support/pairs.js'
import { appendUpload, finishUpload, startUpload } from './support/push-blob.js'
import { chosenSeed, withSeed } from './support/seed.js'
import { connectTo, type Send } from './support/send.js'
import { startServer } from './support/server-process.js'
import { verify } from './support/verify.js'

const rounds = Number(process.env['DURABILITY_ROUNDS'] ?? 20)

function newDisk(): string {
  const disk = mkdtempSync(join(tmpdir(), 'registry-killed-'))
  onTestFinished(() => rm(disk, { recursive: true, force: true }))
  return disk
}

async function keepsAll(served: Served, times: number): Promise<void> {
  const seed = chosenSeed()
  await withSeed(seed, () => killRounds(served, newDisk(), { rounds: times, seed }))
}

describe.each(pairs)('$name', (pair) => {
  it('keeps what it has answered however often it is killed, and works on', { timeout: rounds * 15_000 }, () => keepsAll(pair, rounds))
})

describeWith(['postgres'], 'azure-blob + postgres', () => {
  it('loses nothing that it has answered, however often it is killed', { timeout: rounds * 30_000 }, async () => {
    await keepsAll(await azureAndPostgres(), Math.ceil(rounds / 2))
  })
})

describeWithCeph('Ceph + sqlite', () => {
  it('takes nothing back that it has answered, however often it is killed', { timeout: rounds * 30_000 }, async () => {
    // Each round takes twice as long here.
    await keepsAll(await cephAndSqlite(), Math.ceil(rounds / 2))
  })

  it('shows nothing of a body in the middle of which it was killed, and its parts can be swept', { timeout: 60_000 }, async () => {
    const [registry, disk] = [await cephAndSqlite(), newDisk()]
    const first = await startServer(registry.serve(disk))
    let connection = connectTo(first.address)
    const send: Send = (...sent) => connection.send(...sent)
    const book = newBook({ deletes: false })
    const blob = contentOf(randomBytes(20 * 1024 ** 2))
    const id = await startUpload(book, send, 'a', blob)
    const patch = request(`http://${first.address}/v2/a/blobs/uploads/${id}`, { method: 'PATCH', headers: { 'content-length': blob.bytes.length } })
    const broken = new Promise((resolve) => patch.on('error', resolve))
    patch.write(blob.bytes.subarray(0, -1))
    await vi.waitFor(async () => { expect(await registry.unfinishedUploads()).toBe(1) }, { timeout: 30_000 })
    connection.close()
    await first.kill()
    await broken

    const second = await startServer(registry.serve(disk))
    connection = connectTo(second.address)
    await verify(book, send, { sessionsMayFallBack: false })
    await appendUpload(book, send, { repository: 'a', id, from: 0, to: 1000 })
    await finishUpload(book, send, { repository: 'a', id, from: 1000 })
    expect(await registry.unfinishedUploads(), 'parts that are not a day old').toBe(1)
    expect(await sweepAbandonedUploads(registry.driver, -60_000)).toBe(1)
    expect(await registry.unfinishedUploads()).toBe(0)
    await verify(book, send, { sessionsMayFallBack: false })
    connection.close()
  })
})

import { readFileSync } from 'node:fs'
import { startS3Server } from '@registry/services/s3-server'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { RegistryProcess } from '../support/registry-process.js'
import { startRegistryOnS3 } from '../support/registry-on-s3.js'
import { digestOfBlocks, mebibyte, readBlocks, sendBlocks } from './support/repeated-bytes.js'

/** Megabytes of a million bytes, all of the process: its code, its heap, and the bytes that are on their way. */
const most = 200
const mostForEight = 300

/** Of 4 GiB of blocks. To compute it takes as long as half of the test. */
const digestOf4Gibibytes = 'sha256:10c36c4b95392f0b93400795e219cf93e7acaebb6c45b98863d7fe8de44b165f'

async function startRegistry(): Promise<RegistryProcess> {
  const server = await startS3Server({ trustHashes: true })
  onTestFinished(() => server.close())
  return startRegistryOnS3(server)
}

/** The most memory that the process has ever had, in megabytes. */
function peakMemory({ child }: RegistryProcess): number {
  const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid!}/status`, 'utf8'))!
  return Number(kibibytes) * 1024 / 1e6
}

/** As docker does: one PATCH without a length, then a PUT without a body. */
async function push({ address }: RegistryProcess, repository: string, digest: string, mebibytes: number): Promise<void> {
  const base = new URL(`http://${address}/v2/${repository}/blobs/uploads/`)
  const begun = await sendBlocks('POST', base, 0)
  const sent = await sendBlocks('PATCH', new URL(begun.headers.location!, base), mebibytes)
  const end = new URL(sent.headers.location!, base)
  end.searchParams.set('digest', digest)
  const ended = await sendBlocks('PUT', end, 0)
  expect([begun.statusCode, sent.statusCode, ended.statusCode]).toEqual([202, 202, 201])
}

function urlOf({ address }: RegistryProcess, repository: string, digest: string): URL {
  return new URL(`http://${address}/v2/${repository}/blobs/${digest}`)
}

describe.skipIf(process.platform !== 'linux')('the memory of a registry on S3 is bounded', () => {
  it(`by ${most} MB, when a layer of 4 GiB is pushed and pulled`, async () => {
    const registry = await startRegistry()
    const size = 4096 * mebibyte
    await push(registry, 'a', digestOf4Gibibytes, 4096)
    const url = urlOf(registry, 'a', digestOf4Gibibytes)
    expect(await readBlocks(url)).toEqual({ status: 200, size, isRight: true })
    const start = size - 10 * mebibyte - 10
    expect(await readBlocks(url, start)).toEqual({ status: 206, size: size - start, isRight: true })
    expect(peakMemory(registry)).toBeLessThan(most)
  }, 600_000)

  it(`by ${mostForEight} MB, when eight layers are pushed and pulled at a time`, async () => {
    const registry = await startRegistry()
    const digest = digestOfBlocks(64)
    const repositories = Array.from({ length: 8 }, (_, n) => `repository-${n}`)
    await Promise.all(repositories.map(async (repository) => push(registry, repository, digest, 64)))
    const pulled = await Promise.all(repositories.map(async (repository) => readBlocks(urlOf(registry, repository, digest))))
    expect(pulled).toEqual(repositories.map(() => ({ status: 200, size: 64 * mebibyte, isRight: true })))
    expect(peakMemory(registry)).toBeLessThan(mostForEight)
  }, 120_000)
})

import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileDriver } from '@registry/driver-file'
import { createRegistry, type Registry, type RegistryOptions } from '@registry/engine'
import { sqliteIndex } from '@registry/index-sqlite'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createServer } from '../../src/server.js'
import { answersOf, questionsAbout } from '../support/answers.js'
import { startRegistryProcess } from '../support/registry-process.js'
import { blobOf, imageManifest, pushBlob, pushManifest, randomBlob } from '../support/test-server.js'

const twoDays = 2 * 86_400_000
const config = blobOf('{}')
const images = Array.from({ length: 8 }, (_, n) => {
  const layer = randomBlob()
  return { tag: `v${n}`, layer, manifest: imageManifest(config, [layer]) }
})
const questions = questionsAbout('a', {
  tags: images.map(({ tag }) => tag),
  manifests: images.map(({ manifest }) => manifest.digest),
  blobs: [config, ...images.map(({ layer }) => layer)].map(({ digest }) => digest),
})

/** A folder in which a registry was killed that had just answered, and every answer that it gave. */
async function killedRegistry(): Promise<{ readonly storage: string; readonly answers: Awaited<ReturnType<typeof answersOf>> }> {
  const storage = mkdtempSync(join(tmpdir(), 'registry-damaged-log-'))
  onTestFinished(() => rm(storage, { recursive: true, force: true }))
  const { address, child } = await startRegistryProcess(storage)
  const url = `http://${address}`
  await pushBlob({ url }, 'a', config)
  for (const { tag, layer, manifest } of images) {
    await pushBlob({ url }, 'a', layer)
    expect(await pushManifest({ url }, 'a', tag, manifest)).toBe(201)
  }
  const answers = await answersOf(url, questions)
  child.kill('SIGKILL')
  await once(child, 'exit')
  return { storage, answers }
}

async function open(storage: string, options: Partial<RegistryOptions> = {}): Promise<Registry> {
  return createRegistry({ driver: await fileDriver({ root: storage }), index: await sqliteIndex({ file: join(storage, '@index.sqlite') }), ...options })
}

async function objectsOf(storage: string): Promise<string[]> {
  const driver = await fileDriver({ root: storage })
  const keys: string[] = []
  for await (const { key } of driver.list({ prefix: 'blobs/' })) keys.push(key)
  await driver.close()
  return keys
}

it('a wrong bit in the log of the index after a crash is told, and takes no byte that was answered for', async () => {
  const { storage, answers } = await killedRegistry()
  const objects = await objectsOf(storage)
  const log = await readFile(join(storage, '@index.sqlite-wal'))
  log[Math.floor(log.length / 2)]! ^= 1
  await writeFile(join(storage, '@index.sqlite-wal'), log)

  const told: unknown[] = []
  const now = (): number => Date.now() + twoDays
  const damaged = await open(storage, { now, policy: { roundMilliseconds: 5 }, onBackgroundError: (error) => told.push(error) })
  expect((await damaged.tags.list('a', { limit: 100 })).tags.length, 'tags that the index did not lose').toBeLessThan(images.length)
  await vi.waitFor(() => { expect(told).not.toEqual([]) }, { timeout: 20_000 })
  expect(await damaged.sweep()).toMatchObject({ unnamedObjects: 0 })
  await damaged.close()
  expect(told).toMatchObject([{ code: 'CORRUPT', message: expect.stringMatching(/^the index lacks \d+ of .* for example repositories\/a\//) as string }])
  expect(await objectsOf(storage)).toEqual(objects)

  for (const suffix of ['', '-wal', '-shm']) await rm(join(storage, `@index.sqlite${suffix}`), { force: true })
  await using rebuilt = await open(storage, { exclusive: true })
  expect((await rebuilt.rebuild!.report).problemCount).toBe(0)
  await using server = await createServer(rebuilt)
  expect(await answersOf((await server.listen({ port: 0 })).url, questions)).toEqual(answers)
})

import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { joinPlatforms, soundBlobs, taggedDescriptor } from './support/oci-layout.js'
import { type RegistryProcess, startRegistryProcess } from './support/registry-process.js'
import { describeWith } from './support/require-program.js'
import { type Skopeo, skopeoIn } from './support/skopeo.js'

const megabyte = 1024 * 1024

describeWith(['skopeo', 'umoci'], 'skopeo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'registry-skopeo-'))
  let skopeo: Skopeo
  let storages = 0
  const newStorage = (): string => join(folder, `storage-${storages++}`)

  beforeAll(async () => {
    skopeo = skopeoIn(folder)
    await makeImage('image', 'v1', [1000, 3 * megabyte, 110 * megabyte])
    await makeImage('platforms', 'amd64', [5000])
    await makeImage('platforms', 'arm64', [6000])
    await skopeo.umoci('config', '--image', 'platforms:arm64', '--architecture', 'arm64')
    await joinPlatforms(join(folder, 'platforms'), 'v1', { amd64: 'amd64', arm64: 'arm64' })
  }, 240_000)

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  /** An OCI image with a layer for each of these sizes, of bytes that cannot be compressed. */
  async function makeImage(layout: string, tag: string, layers: readonly number[]): Promise<void> {
    const exists = (await readdir(folder)).includes(layout)
    if (!exists) await skopeo.umoci('init', '--layout', layout)
    await skopeo.umoci('new', '--image', `${layout}:${tag}`)
    for (const [n, size] of layers.entries()) {
      const files = await skopeo.writeFile(`files-${layout}-${tag}-${n}`, randomBytes(size))
      await skopeo.umoci('insert', '--rootless', '--image', `${layout}:${tag}`, files, `/layer-${n}`)
      await rm(files, { recursive: true })
    }
  }

  const at = ({ address }: RegistryProcess, name: string): string => `docker://${address}/${name}`

  it('pushes an image of several layers, one over 100 MB, and pulls it back the same after a restart', async () => {
    const storage = newStorage()
    const first = await startRegistryProcess(storage)
    await skopeo.copy('oci:image:v1', at(first, 'team/image:v1'))
    expect(await first.stop()).toBe(0)
    const second = await startRegistryProcess(storage)
    await skopeo.copy(at(second, 'team/image:v1'), 'oci:image-back:v1')
    expect((await taggedDescriptor(join(folder, 'image-back'), 'v1')).digest).toBe((await taggedDescriptor(join(folder, 'image'), 'v1')).digest)
    const sound = await soundBlobs(join(folder, 'image-back'))
    // Three layers, the config, the manifest.
    expect(sound).toHaveLength(5)
    expect(await soundBlobs(join(folder, 'image'))).toEqual(expect.arrayContaining([...sound]))
  }, 240_000)

  it('pushes an image for several platforms and pulls all of it back the same', async () => {
    const storage = newStorage()
    const first = await startRegistryProcess(storage)
    await skopeo.copy('oci:platforms:v1', at(first, 'team/platforms:v1'), '--all')
    expect(await first.stop()).toBe(0)
    const second = await startRegistryProcess(storage)
    await skopeo.copy(at(second, 'team/platforms:v1'), 'oci:platforms-back:v1', '--all')
    const digest = (await taggedDescriptor(join(folder, 'platforms'), 'v1')).digest
    expect((await taggedDescriptor(join(folder, 'platforms-back'), 'v1')).digest).toBe(digest)
    const sound = await soundBlobs(join(folder, 'platforms-back'))
    // The index, and for each platform a manifest, a config and a layer.
    expect(sound).toHaveLength(7)
    expect(await soundBlobs(join(folder, 'platforms'))).toEqual(expect.arrayContaining([...sound]))
  }, 240_000)

  it('pushes a Docker schema 2 image and pulls it back the same', async () => {
    const storage = newStorage()
    const first = await startRegistryProcess(storage)
    await skopeo.copy('oci:image:v1', at(first, 'team/docker:v1'), '--format', 'v2s2')
    const pushed = await skopeo.manifest(at(first, 'team/docker:v1'))
    expect(JSON.parse(pushed.toString())).toMatchObject({ mediaType: 'application/vnd.docker.distribution.manifest.v2+json' })
    expect(await first.stop()).toBe(0)
    const second = await startRegistryProcess(storage)
    await skopeo.copy(at(second, 'team/docker:v1'), 'dir:docker-back')
    const back = join(folder, 'docker-back')
    expect((await readFile(join(back, 'manifest.json'))).equals(pushed)).toBe(true)
    const blobs = (await readdir(back)).filter((name) => /^[0-9a-f]{64}$/.test(name))
    expect(blobs).toHaveLength(4)
    for (const name of blobs) expect(createHash('sha256').update(await readFile(join(back, name))).digest('hex')).toBe(name)
  }, 240_000)

  it('mounts the layers that it knows of, and sends none of their bytes', async () => {
    const registry = await startRegistryProcess(newStorage())
    await skopeo.forgetBlobs()
    await skopeo.copy('oci:image:v1', at(registry, 'first/image:v1'))
    registry.requests.length = 0
    await skopeo.copy('oci:image:v1', at(registry, 'second/image:v1'))
    const uploads = registry.requests.filter(({ url }) => url.includes('/second/image/blobs/uploads/'))
    const mounts = uploads.filter(({ url }) => url.includes('mount='))
    expect(mounts.map(({ method, status }) => [method, status])).toEqual(Array.from({ length: 3 }, () => ['POST', 201]))
    expect(mounts.every(({ url }) => url.includes('from=first%2Fimage'))).toBe(true)
    // skopeo never mounts a config: it is the one body that was sent.
    const config = (JSON.parse((await skopeo.manifest(at(registry, 'first/image:v1'))).toString()) as { config: { digest: string } }).config.digest
    const sent = uploads.filter(({ url }) => !url.includes('mount='))
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PUT'])
    expect(decodeURIComponent(sent[2]!.url)).toContain(config)
    await skopeo.copy(at(registry, 'second/image:v1'), 'oci:mounted-back:v1')
    expect(await soundBlobs(join(folder, 'mounted-back'))).toHaveLength(5)
  }, 240_000)

  it('sends again what it forgot, and the second copies are gone once their notes are worked off', async () => {
    const storage = newStorage()
    const registry = await startRegistryProcess(storage)
    await skopeo.forgetBlobs()
    await skopeo.copy('oci:image:v1', at(registry, 'first/image:v1'))
    const stored = await storedObjects(storage)
    expect(stored).toHaveLength(4)
    await skopeo.forgetBlobs()
    registry.requests.length = 0
    await skopeo.copy('oci:image:v1', at(registry, 'second/image:v1'))
    expect(registry.requests.filter(({ method, status }) => method === 'PATCH' && status === 202)).toHaveLength(4)
    // The end of the process waits for work that goes on behind answers.
    expect(await registry.stop()).toBe(0)
    expect(await storedObjects(storage)).toEqual(stored)
    const again = await startRegistryProcess(storage)
    await skopeo.copy(at(again, 'second/image:v1'), 'oci:sent-back:v1')
    expect(await soundBlobs(join(folder, 'sent-back'))).toHaveLength(5)
  }, 240_000)
})

/** Every file with bytes of blobs. */
async function storedObjects(storage: string): Promise<readonly string[]> {
  const entries = await readdir(join(storage, 'blobs'), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort()
}

import { join } from 'node:path'
import { type CephRoot, cephRoot, describeWithCeph } from '@registry/services/ceph'
import { expect, it, onTestFinished, vi } from 'vitest'
import { ctr } from '../clients/support/containerd.js'
import { makeImage } from '../clients/support/image.js'
import { servedManifest, takeRequests } from '../clients/support/registry.js'
import { soundBlobs, taggedDescriptor } from '../support/oci-layout.js'
import { startRegistryOnS3 } from '../support/registry-on-s3.js'
import type { RegistryProcess } from '../support/registry-process.js'
import { describeWith } from '../support/require-program.js'
import { skopeoIn } from '../support/skopeo.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { gatewayReads } from './support/gateway-log.js'
import { type LargeImage, writeLargeImage } from './support/large-image.js'

const mebibyte = 2 ** 20

async function newRoot(): Promise<CephRoot> {
  const place = await cephRoot()
  onTestFinished(() => place[Symbol.asyncDispose]())
  return place
}

/** skopeo in a new folder. It copies images as they are, byte for byte. */
function newSkopeo(): { readonly folder: string; copy(from: string, to: string): Promise<void> } {
  const folder = temporaryFolder()
  const skopeo = skopeoIn(folder)
  return { folder, copy: (from, to) => skopeo.copy(from, to, '--preserve-digests') }
}

/** Expects a layout to have this image, and nothing else. */
async function expectImage(layout: string, { digest, blobs }: LargeImage): Promise<void> {
  expect((await taggedDescriptor(layout, 'v1')).digest).toBe(digest)
  expect((await soundBlobs(layout)).map((name) => `sha256:${name}`)).toEqual([digest, ...blobs].sort())
}

/** The sizes of the blobs of an image. */
async function sizesOf(registry: RegistryProcess, repository: string): Promise<readonly number[]> {
  const { config, layers } = await servedManifest(registry, repository, 'v1')
  return [config, ...layers].map(({ size }) => size)
}

/** What the registry reads behind the push of an image, for its description: the config, which has the labels. */
function labelsIn([config]: readonly number[]): readonly number[] {
  return [config!]
}

/** How the registry answered those who read blobs. */
async function answersToReads(registry: RegistryProcess): Promise<readonly number[]> {
  const reads = (await takeRequests(registry)).filter(({ method, url }) => method === 'GET' && url.includes('/blobs/sha256:'))
  return reads.map(({ status }) => status)
}

/** The sizes of the bodies that the gateway sent. */
interface Sent {
  readonly toRegistry: readonly number[]
  readonly toClients: readonly number[]
}

const sorted = (sizes: readonly number[]): readonly number[] => [...sizes].sort((a, b) => a - b)

/** Expects the gateway to have sent blobs of these sizes, all in all. */
async function expectSent(place: CephRoot, { toRegistry, toClients }: Sent): Promise<void> {
  const findSent = async (): Promise<Sent> => {
    const reads = (await gatewayReads(place)).filter(({ key, status }) => key.startsWith('blobs/') && status < 300)
    // The registry alone speaks through the SDK.
    const sizes = (isOfRegistry: boolean): readonly number[] =>
      sorted(reads.filter(({ userAgent }) => userAgent.startsWith('aws-sdk-js/') === isOfRegistry).map(({ bytes }) => bytes))
    return { toRegistry: sizes(true), toClients: sizes(false) }
  }
  // A line of the log may come after its answer.
  await vi.waitFor(async () => {
    expect(await findSent()).toEqual({ toRegistry: sorted(toRegistry), toClients: sorted(toClients) })
  }, { timeout: 20_000 })
}

describeWithCeph('on the gateway', () => {
  describeWith(['skopeo', 'unshare', 'containerd', 'ctr'], 'clients push and pull', () => {
    it.each([
      ['through the registry', false],
      ['and are redirected', true],
    ])('what they and others pushed, %s', async (_, storage_redirect) => {
      const place = await newRoot()
      const registry = await startRegistryOnS3(place, { storage_redirect })
      const ofSkopeo = `${registry.address}/team/skopeo:v1`
      const ofCtr = `${registry.address}/team/ctr:v1`
      const skopeo = newSkopeo()
      const image = await writeLargeImage(join(skopeo.folder, 'image'), [1, 20])
      await skopeo.copy('oci:image:v1', `docker://${ofSkopeo}`)
      const client = await ctr()
      const another = await makeImage(join(client.folder, 'image.tar'), ofCtr, [1000, 20 * mebibyte])
      await client.load('image.tar')
      const digest = await client.push(ofCtr)
      const images = [await sizesOf(registry, 'team/skopeo'), await sizesOf(registry, 'team/ctr')]
      await skopeo.copy(`docker://${ofSkopeo}`, 'oci:back:v1')
      await expectImage(join(skopeo.folder, 'back'), image)
      await skopeo.copy(`docker://${ofCtr}`, 'oci:other:v1')
      expect((await taggedDescriptor(join(skopeo.folder, 'other'), 'v1')).digest).toBe(digest)
      const puller = await ctr()
      expect(await puller.pull(ofCtr)).toBe(digest)
      expect(await puller.read(ofCtr)).toEqual(another)
      expect(await puller.pull(ofSkopeo)).toBe(image.digest)
      const pulled = [...images, ...images].flat()
      const labels = images.flatMap(labelsIn)
      expect(await answersToReads(registry)).toEqual(pulled.map(() => (storage_redirect ? 307 : 200)))
      await expectSent(place, storage_redirect ? { toRegistry: labels, toClients: pulled } : { toRegistry: [...pulled, ...labels], toClients: [] })
    }, 120_000)

    it('an image with a layer of 2 GiB, through the registry and redirected', async () => {
      const place = await newRoot()
      const sqlite = { file: join(temporaryFolder(), 'index.sqlite') }
      const skopeo = newSkopeo()
      const image = await writeLargeImage(join(skopeo.folder, 'image'), [1, 2048])
      const first = await startRegistryOnS3(place, { sqlite })
      await skopeo.copy('oci:image:v1', `docker://${first.address}/team/image:v1`)
      await skopeo.copy(`docker://${first.address}/team/image:v1`, 'oci:back:v1')
      await expectImage(join(skopeo.folder, 'back'), image)
      const sizes = await sizesOf(first, 'team/image')
      expect(await answersToReads(first)).toEqual([200, 200, 200])
      const read = [...sizes, ...labelsIn(sizes)]
      await expectSent(place, { toRegistry: read, toClients: [] })
      await first.stop()

      const second = await startRegistryOnS3(place, { sqlite, storage_redirect: true })
      const client = await ctr()
      expect(await client.pull(`${second.address}/team/image:v1`)).toBe(image.digest)
      expect((await client.contents()).trim().split('\n').sort()).toEqual([image.digest, ...image.blobs].sort())
      expect(await answersToReads(second)).toEqual([307, 307, 307])
      await expectSent(place, { toRegistry: read, toClients: sizes })
    }, 600_000)
  })
})

import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeWith } from '../support/require-program.js'
import type { Client } from './support/client.js'
import { digestOf, type Image } from './support/image.js'
import { buildah } from './support/podman.js'
import { blobsOf, servedManifest, startRegistry, steps, takeRequests } from './support/registry.js'

describeWith(['unshare', 'buildah'], 'buildah', () => {
  it('builds an image of several layers from a Containerfile, pushes it, and pulls it by tag and by digest into an empty store', async () => {
    const registry = await startRegistry()
    const builder = await buildah()
    const name = `${registry.address}/team/built:v1`
    const image = await build(builder, name)
    const digest = await builder.push(name)
    const manifest = await servedManifest(registry, 'team/built', 'v1')
    expect(manifest).toMatchObject({ digest, mediaType: 'application/vnd.oci.image.manifest.v1+json', config: { digest: image.id } })
    const blobs = blobsOf(manifest)
    // Two layers, and the configuration.
    expect(blobs).toHaveLength(3)
    const requests = await takeRequests(registry)
    for (const blob of blobs) expect(steps(requests, '/blobs/uploads/', blob)).toEqual(['PUT 201'])
    for (const reference of [':v1', `@${digest}`]) {
      const client = await buildah()
      expect(await client.contents()).toBe('')
      await takeRequests(registry)
      expect(await client.pull(`${registry.address}/team/built${reference}`)).toBe(digest)
      const pull = await takeRequests(registry)
      for (const blob of blobs) expect(steps(pull, `/blobs/${blob}`)).toEqual(['GET 200'])
      expect(await client.read(`${registry.address}/team/built${reference}`)).toEqual(image)
    }
  }, 120_000)

  it('makes a manifest list of two platforms, pushes all of it, and pulls each platform into an empty store', async () => {
    const registry = await startRegistry()
    const builder = await buildah()
    const name = `${registry.address}/team/platforms:v1`
    const images: Record<string, Image> = {}
    await builder.run('manifest', 'create', 'platforms')
    for (const architecture of ['amd64', 'arm64']) {
      images[architecture] = await build(builder, architecture, '--platform', `linux/${architecture}`)
      await builder.run('manifest', 'add', 'platforms', `containers-storage:localhost/${architecture}`)
    }
    await builder.run('manifest', 'push', '--all', '--tls-verify=false', '--digestfile', 'digest', 'platforms', `docker://${name}`)
    const list = await servedManifest(registry, 'team/platforms', 'v1')
    const told = await readFile(join(builder.folder, 'digest'), 'utf8')
    expect(list).toMatchObject({ digest: told, mediaType: 'application/vnd.oci.image.index.v1+json' })
    expect(list.manifests.map(({ platform }) => platform.architecture).sort()).toEqual(['amd64', 'arm64'])
    expect(steps(await takeRequests(registry), '/manifests/').filter((step) => step.startsWith('PUT'))).toEqual(['PUT 201', 'PUT 201', 'PUT 201'])
    for (const { digest, platform } of list.manifests) {
      const image = images[platform.architecture]!
      expect(await servedManifest(registry, 'team/platforms', digest)).toMatchObject({ digest, config: { digest: image.id } })
      await takeRequests(registry)
      const client = await buildah()
      await client.run('pull', '--tls-verify=false', '--arch', platform.architecture, name)
      expect(steps(await takeRequests(registry), `/manifests/${digest}`)).toEqual(['GET 200'])
      expect(await client.read(name)).toEqual(image)
    }
  }, 120_000)
})

const containerfile = `
FROM scratch
COPY first /first/
COPY second /second/
`

/** Builds an image of two layers with random content. */
async function build(client: Client, name: string, ...options: readonly string[]): Promise<Image> {
  const { folder } = client
  const files: Record<string, string> = {}
  for (const [layer, size] of [['first', 1000], ['second', 5_000_000]] as const) {
    const bytes = randomBytes(size)
    await mkdir(join(folder, 'context', layer), { recursive: true })
    await writeFile(join(folder, 'context', layer, 'data'), bytes)
    files[`${layer}/data`] = digestOf(bytes)
  }
  await writeFile(join(folder, 'Containerfile'), containerfile)
  // Without --layers, all that the file says becomes one layer.
  await client.run('bud', '--isolation', 'chroot', '--layers', '--iidfile', 'id', '--tag', name, '--file', 'Containerfile', ...options, 'context')
  return { id: await readFile(join(folder, 'id'), 'utf8'), files }
}

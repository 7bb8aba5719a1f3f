import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Registry } from '@registry/engine'
import { startTestRegistry } from '@registry/server/testing'
import { expect, it } from 'vitest'
import { hooks } from './refuse-unlabelled.mjs'

const imageConfig = 'application/vnd.oci.image.config.v1+json'

/** Pushes a manifest with a config of a type, and nothing else. */
async function push({ uploads, manifests }: Registry, mediaType: string, content: object): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(content))
  const { id } = await uploads.start('app')
  const { digest, size } = await uploads.finish('app', id, { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, body: Readable.from([bytes]) })
  const manifest = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config: { mediaType, digest, size }, layers: [] }
  await manifests.push('app', { kind: 'tag', tag: 'v1' }, Buffer.from(JSON.stringify(manifest)))
}

// The module of a configuration is also one for a program: it needs no server.
it('refuses an image without the label, and takes what is none', async () => {
  await using test = await startTestRegistry()
  await hooks.register(test.registry, { label: 'source' })
  const labelled = { os: 'linux', config: { Labels: { source: 'https://git.example.com' } } }
  await push(test.registry, imageConfig, labelled)
  await push(test.registry, 'application/vnd.example.chart+json', {})
  for (const content of [{ os: 'linux' }, { ...labelled, comment: 'more than anybody reads: '.repeat(200_000) }, []]) {
    await expect(push(test.registry, imageConfig, content)).rejects.toMatchObject({ code: 'DENIED', message: expect.stringMatching(/^app: the image has no label source; /) as unknown })
  }
})

import { mediaTypes } from '@registry/core'
import type { Registry } from '../../src/index.js'
import { body, descriptor, digestOf, imageOf, indexOf, pushImage, pushManifest } from './images.js'

/** A registry with something of everything. */
export async function fill(registry: Registry): Promise<void> {
  const { id } = await registry.uploads.start('a')
  for (const chunk of ['lay', 'e', 'r']) await registry.uploads.append('a', id, body(chunk))
  await registry.uploads.finish('a', id, { digest: digestOf('layer') })
  const { manifest } = await pushImage(registry, 'a', 'tag', ['{}', 'layer', 'large layer'])
  await pushManifest(registry, 'a', 'Other-Tag_1.0', manifest)
  await pushManifest(registry, 'a', `${'X'.repeat(120)}.${'y'.repeat(7)}`, manifest)
  await pushManifest(registry, 'a', 'index', indexOf([manifest]))
  await pushManifest(registry, 'a', digestOf(manifest, 'sha512'), manifest)
  const subject = descriptor(manifest, mediaTypes.imageManifest)
  await pushImage(registry, 'a', 'signature', ['{}', 'signature'], { subject, annotations: { note: 'ü' }, artifactType: 'application/signature' })
  await pushImage(registry, 'a/b-c/d', 'empty', ['{}', ''])
  await pushImage(registry, '0/1', 'foreign', ['{}'], { layers: [descriptor('x', 'application/vnd.docker.image.rootfs.foreign.diff.tar')] })
  await pushImage(registry, `${'long'.repeat(60)}/n`, 'v', ['{}', 'layer'], { annotations: { note: 'x'.repeat(500_000) } })
  for (const layer of ['one', 'two', 'three']) await pushImage(registry, 'moving', 'latest', ['{}', layer])
  await pushImage(registry, 'deleted', 'gone', ['{}', 'layer'])
  await registry.tags.delete('moving', 'latest')
  await registry.manifests.delete('deleted', digestOf(imageOf(['{}', 'layer'])))
  await pushImage(registry, 'deleted', 'again', ['{}'])
}

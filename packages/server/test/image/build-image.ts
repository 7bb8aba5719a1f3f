import { makeBuildImage, makeNodeImage } from './base-images.js'
import type { Machine } from './machine.js'
import { root } from './repository.js'

/** Builds the repository's Dockerfile, as `registry`. Nothing is downloaded: both images that it starts from are made of this machine's files. */
export async function buildImage(machine: Machine): Promise<void> {
  await makeNodeImage(machine)
  const { name, options } = await makeBuildImage(machine)
  const bases = [`--build-arg=BUILD=${name}`, '--build-arg=NODE=localhost/node']
  // The format has a HEALTHCHECK, which OCI's has not.
  await machine.run('buildah', ['build', '--format=docker', '--isolation=chroot', ...bases, ...options, '--tag=registry', root])
}

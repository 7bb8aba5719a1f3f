import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, digestIn } from './client.js'
import { readImage } from './image.js'
import { seclude } from './seclusion.js'

export const podman = (): Promise<Client> => containersClient('podman')

export const buildah = (): Promise<Client> => containersClient('buildah')

/** podman and buildah share their commands for images, with a store of their own. */
async function containersClient(program: 'podman' | 'buildah'): Promise<Client> {
  const seclusion = seclude()
  const settings = join(seclusion.folder, 'home', '.config', 'containers')
  await mkdir(settings, { recursive: true })
  await writeFile(join(settings, 'policy.json'), '{ "default": [{ "type": "insecureAcceptAnything" }] }')
  const run: Client['run'] = (...args) => seclusion.run(program, args)
  return {
    folder: seclusion.folder,
    run,
    contents: () => run('images', '--all', '--quiet'),
    load: (archive) => run('pull', `docker-archive:${archive}`),
    tag: (name, another) => run('tag', name, another),
    async push(name): Promise<string> {
      await run('push', '--tls-verify=false', '--digestfile', 'digest', name)
      return readFile(join(seclusion.folder, 'digest'), 'utf8')
    },
    async pull(name): Promise<string> {
      await run('pull', '--tls-verify=false', name)
      return digestIn(await run('images', '--format', '{{.Digest}}', name))
    },
    async read(name) {
      await run('push', name, 'docker-archive:read.tar')
      return readImage(join(seclusion.folder, 'read.tar'))
    },
  }
}

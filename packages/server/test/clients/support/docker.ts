import { join } from 'node:path'
import { type Client, digestIn } from './client.js'
import { startContainerd } from './containerd.js'
import { startDaemon } from './daemon.js'
import { readImage } from './image.js'
import { seclude } from './seclusion.js'

const withoutNetwork = ['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false']

/** `docker`, with a daemon of its own, which allows plain HTTP on loopback unasked. */
export async function docker(): Promise<Client> {
  const seclusion = seclude()
  await startContainerd(seclusion)
  const run: Client['run'] = (...args) => seclusion.run('docker', args)
  await startDaemon(seclusion, 'dockerd', ['--containerd=/run/containerd/containerd.sock', ...withoutNetwork], () => run('version'))
  return {
    folder: seclusion.folder,
    run,
    contents: () => run('images', '--all', '--quiet'),
    load: (archive) => run('load', '--input', archive),
    tag: (name, another) => run('tag', name, another),
    push: async (name) => digestIn(await run('push', name)),
    pull: async (name) => digestIn(await run('pull', name)),
    async read(name) {
      await run('save', '--output', 'read.tar', name)
      return readImage(join(seclusion.folder, 'read.tar'))
    },
  }
}

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, digestIn } from './client.js'
import { startDaemon } from './daemon.js'
import { readImage } from './image.js'
import { seclude, type Seclusion } from './seclusion.js'

/** Without what serves Kubernetes, and what makes a folder in /opt. */
const configuration = `
version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
`

/** Starts containerd at its usual socket. */
export async function startContainerd(seclusion: Seclusion): Promise<void> {
  const file = join(seclusion.folder, 'containerd.toml')
  await writeFile(file, configuration)
  await startDaemon(seclusion, 'containerd', ['--config', file], () => seclusion.run('ctr', ['version']))
}

/** `ctr`, with a containerd of its own. */
export async function ctr(): Promise<Client> {
  const seclusion = seclude()
  await startContainerd(seclusion)
  const run: Client['run'] = (...args) => seclusion.run('ctr', args)
  const digest = async (name: string): Promise<string> => digestIn(await run('images', 'ls', `name==${name}`))
  return {
    folder: seclusion.folder,
    run,
    contents: () => run('content', 'ls', '--quiet'),
    load: (archive) => run('images', 'import', archive),
    tag: (name, another) => run('images', 'tag', name, another),
    async push(name): Promise<string> {
      await run('images', 'push', '--plain-http', name)
      return digest(name)
    },
    async pull(name): Promise<string> {
      await run('images', 'pull', '--plain-http', name)
      return digest(name)
    },
    async read(name) {
      await run('images', 'export', 'read.tar', name)
      return readImage(join(seclusion.folder, 'read.tar'))
    },
  }
}

import { execFile } from 'node:child_process'
import { chownSync, mkdirSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** `nobody`: root's skopeo would keep its cache of blob locations where the whole machine shares it. */
const unprivileged = 65534

/** skopeo and umoci in a folder of their own, with a cache of blob locations of their own. */
export interface Skopeo {
  /** Copies an image; `oci:NAME:TAG` is relative to the folder. */
  copy(from: string, to: string, ...options: readonly string[]): Promise<void>
  /** The exact manifest of an image. */
  manifest(image: string): Promise<Buffer>
  umoci(...args: readonly string[]): Promise<void>
  /** Writes a file that umoci may read, in a folder of its own, and resolves with the folder. */
  writeFile(folder: string, bytes: Uint8Array): Promise<string>
  /** Forgets where blobs were seen, so that nothing is mounted. */
  forgetBlobs(): Promise<void>
}

export function skopeoIn(folder: string): Skopeo {
  const home = join(folder, 'home')
  mkdirSync(home, { recursive: true })
  const asRoot = process.getuid?.() === 0
  if (asRoot) for (const path of [folder, home]) chownSync(path, unprivileged, unprivileged)
  const options = {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home, TMPDIR: folder },
    ...(asRoot && { uid: unprivileged, gid: unprivileged }),
    maxBuffer: 64 * 1024 * 1024,
    encoding: 'buffer',
  } as const
  return {
    async copy(from: string, to: string, ...more: readonly string[]): Promise<void> {
      await run('skopeo', ['copy', '--quiet', '--insecure-policy', '--src-tls-verify=false', '--dest-tls-verify=false', ...more, from, to], options)
    },
    async manifest(image: string): Promise<Buffer> {
      return (await run('skopeo', ['inspect', '--raw', '--tls-verify=false', image], options)).stdout
    },
    async umoci(...args: readonly string[]): Promise<void> {
      await run('umoci', [...args], options)
    },
    async writeFile(name: string, bytes: Uint8Array): Promise<string> {
      const own = join(folder, name)
      await mkdir(own)
      await writeFile(join(own, 'data'), bytes)
      if (asRoot) for (const path of [own, join(own, 'data')]) chownSync(path, unprivileged, unprivileged)
      return own
    },
    async forgetBlobs(): Promise<void> {
      await rm(join(home, 'containers', 'cache'), { recursive: true, force: true })
    },
  }
}

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** Where clients keep state, some of it whatever their options say: sockets, locks, keys, images, where blobs were seen. */
const stateFolders = ['/run', '/var/lib', '/dev/shm', '/etc/docker']

const enter = `set -e; for folder in ${stateFolders.join(' ')}; do [ ! -d $folder ] || mount --bind "$OWN$folder" $folder; done; exec "$@"`

/** A machine as far as clients see it: they start with nothing, and neither read nor leave anything outside of its folder. */
export interface Seclusion {
  readonly folder: string
  /** Runs a program to its end. Paths are relative to the folder. Resolves with what it printed. */
  run(program: string, args: readonly string[]): Promise<string>
  /** Starts a program. The process is the program itself. */
  start(program: string, args: readonly string[]): ChildProcess
}

/** A new one, which is gone after the test. It needs `unshare`. Mounts of its programs are seen by themselves alone, and end with them. */
export function seclude(): Seclusion {
  const folder = temporaryFolder()
  const home = join(folder, 'home')
  const temporary = join(folder, 'tmp')
  for (const path of [home, temporary, ...stateFolders.map((state) => join(folder, state))]) mkdirSync(path, { recursive: true })
  // vfs and native work on any file system below.
  const drivers = { STORAGE_DRIVER: 'vfs', DOCKER_DRIVER: 'vfs', CONTAINERD_SNAPSHOTTER: 'native' }
  const env = { PATH: process.env['PATH'], OWN: folder, HOME: home, TMPDIR: temporary, XDG_RUNTIME_DIR: join(folder, 'run'), ...drivers }
  const command = (program: string, args: readonly string[]): string[] => ['--mount', 'sh', '-c', enter, 'sh', program, ...args]
  return {
    folder,
    async run(program: string, args: readonly string[]): Promise<string> {
      return (await promisify(execFile)('unshare', command(program, args), { cwd: folder, env })).stdout
    },
    start: (program, args) => spawn('unshare', command(program, args), { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }),
  }
}

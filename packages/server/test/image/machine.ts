import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A machine of its own as far as containers see it: it has no network but its own, and no image, process or control group of others. */
export interface Machine {
  readonly folder: string
  /** Runs a program to its end. Paths are absolute. Resolves with what it printed. */
  run(program: string, args: readonly string[]): Promise<string>
  /** Ends everything that runs on it, and removes its folder. */
  stop(): Promise<void>
}

/** Where containers keep state. */
const stateFolders = ['/run', '/var/lib', '/dev/shm']

const enter = `
  set -e
  for folder in ${stateFolders.join(' ')}; do mount --bind "$OWN$folder" $folder; done
  [ ! -d /sys/fs/cgroup ] || mount -t tmpfs none /sys/fs/cgroup
  ip link set lo up
  echo started
  exec cat
`

/** What containers of root get unasked is more than some machines permit. */
const containersSettings = `
[containers]
cgroups = "disabled"
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
`

/** Starts one. It needs `unshare`, and `ip` of iproute2. */
export async function startMachine(): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'registry-image-'))
  const home = join(folder, 'home')
  const settings = join(home, '.config', 'containers')
  const temporary = join(folder, 'tmp')
  for (const path of [settings, temporary, ...stateFolders.map((state) => join(folder, state))]) mkdirSync(path, { recursive: true })
  writeFileSync(join(settings, 'policy.json'), '{ "default": [{ "type": "insecureAcceptAnything" }] }')
  writeFileSync(join(folder, 'containers.conf'), containersSettings)
  // vfs works on any file system below.
  const containers = { STORAGE_DRIVER: 'vfs', CONTAINERS_CONF: join(folder, 'containers.conf') }
  const env = { PATH: process.env['PATH'], OWN: folder, HOME: home, TMPDIR: temporary, XDG_RUNTIME_DIR: '/run', ...containers }
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc']
  const child = spawn('unshare', [...namespaces, 'sh', '-c', enter], { env, stdio: 'pipe' })
  const exited = once(child, 'exit')
  const stop = async (): Promise<void> => {
    // Its first process reads until there is no more: so it ends with whoever started it too, and everything on it with that.
    child.stdin.end()
    await exited
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await started(child)
  } catch (error) {
    await stop()
    throw error
  }
  const pid = child.pid!
  const inside = ['--target', `${pid}`, '--mount', '--net', `--pid=/proc/${pid}/ns/pid_for_children`]
  return {
    folder,
    async run(program, args): Promise<string> {
      try {
        return (await promisify(execFile)('nsenter', [...inside, program, ...args], { env, maxBuffer: 64 * 1024 * 1024 })).stdout
      } catch (error) {
        const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string }
        throw new Error(`${program} ${args.join(' ')}:\n${stdout}${stderr}`, { cause: error })
      }
    },
    stop,
  }
}

async function started({ stdout, stderr }: ChildProcessWithoutNullStreams): Promise<void> {
  const complaints = stderr.setEncoding('utf8').toArray()
  const ended = complaints.then((texts) => Promise.reject(new Error(`the machine did not start: ${texts.join('')}`)))
  await Promise.race([once(stdout, 'data'), ended])
}

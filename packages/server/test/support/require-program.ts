import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe } from 'vitest'

/** Programs of others that tests use, and how a Debian machine gets them. */
const programs = {
  skopeo: 'apt-get install skopeo',
  umoci: 'apt-get install umoci',
  strace: 'apt-get install strace',
  nginx: 'apt-get install nginx',
  podman: 'apt-get install podman',
  buildah: 'apt-get install buildah',
  containerd: 'apt-get install containerd',
  ctr: 'apt-get install containerd',
  dockerd: 'apt-get install docker.io',
  docker: 'apt-get install docker.io',
  'systemd-analyze': 'apt-get install systemd',
  unshare: 'run as root, on Linux, where mount is permitted',
} as const

/**
 * `describe`, for tests that need these programs. Where one is missing they are skipped, by a name that tells how to
 * install it, unless `REQUIRE_BACKENDS` lists it or is `all`: then they run, and fail.
 */
export function describeWith(needed: readonly (keyof typeof programs)[], title: string, body: () => void): void {
  const missing = needed.filter((program) => !isInstalled(program) || (program === 'unshare' && !mayUnshare()))
  if (missing.length === 0 || missing.some(isRequired)) {
    describe(title, body)
    return
  }
  const hints = missing.map((program) => `[needs ${program}: ${programs[program]}]`)
  describe.skip(`${title} ${hints.join(' ')}`, body)
}

/** Whether `REQUIRE_BACKENDS` lists it or is `all`. */
export function isRequired(program: string): boolean {
  const required = (process.env['REQUIRE_BACKENDS'] ?? '').split(',').map((name) => name.trim())
  return required.includes('all') || required.includes(program)
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Everybody has this program, and few may use it. */
function mayUnshare(): boolean {
  return spawnSync('unshare', ['--mount', 'true']).status === 0
}

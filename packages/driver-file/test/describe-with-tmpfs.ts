import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWith, type Need } from '@registry/services/describe-with'

/** A file system of its own, in memory, for a test that needs one to be full or read-only. */
export interface SmallDisk {
  readonly path: string
  /** Changes its options, such as `size=2m` or `ro`. */
  remount(options: string): void
  unmount(): void
}

/** @param path - an empty directory; it goes with the disk */
export function mountSmallDisk(options: string, path: string = mkdtempSync(join(tmpdir(), 'driver-file-disk-'))): SmallDisk {
  try {
    run('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', path)
  } catch (error) {
    rmdirSync(path)
    throw error
  }
  return {
    path,
    remount(changed) {
      run('mount', '-o', `remount,${changed}`, path)
    },
    unmount() {
      // Lazily: a test that failed may have files open, and is not to leave its disk behind.
      run('umount', '--lazy', path)
      rmdirSync(path)
    },
  }
}

const tmpfs: Need = { name: 'tmpfs', isThere: isPermitted, remedy: 'run as root, on Linux, where mount is permitted' }

/** `describe`, for tests that mount a tmpfs. */
export function describeWithTmpfs(title: string, body: () => void): void {
  describeWith([tmpfs], title, body)
}

function isPermitted(): boolean {
  try {
    mountSmallDisk('size=64k').unmount()
    return true
  } catch {
    return false
  }
}

function run(program: string, ...options: readonly string[]): void {
  execFileSync(program, options, { stdio: 'pipe' })
}

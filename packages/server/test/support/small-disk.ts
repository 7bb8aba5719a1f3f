import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWith, type Need } from '@registry/services/describe-with'
import { onTestFinished } from 'vitest'

/** A file system of its own, in memory, for a test that needs one to be full. It is gone after the test. */
export interface SmallDisk {
  readonly path: string
  /** Fills it but for some bytes. */
  fill(keep?: number): Promise<void>
  /** Takes back what filled it. */
  makeRoom(): Promise<void>
  /** Bytes in use. */
  used(): Promise<number>
}

/** @param size - as mount takes it, such as `8m` */
export function mountSmallDisk(size: string): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'registry-small-disk-'))
  const unmount = mount(size, path)
  onTestFinished(unmount)
  const ballast = join(path, 'ballast')
  return {
    path,
    async fill(keep = 0) {
      await rm(ballast, { force: true })
      const { bavail, bsize } = await statfs(path)
      try {
        await writeFile(ballast, Buffer.alloc(Math.max(bavail * bsize - keep, 0)))
      } catch (error) {
        // Whoever writes there at this moment has taken what was to be left.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    makeRoom: () => rm(ballast, { force: true }),
    async used() {
      const { blocks, bfree, bsize } = await statfs(path)
      return (blocks - bfree) * bsize
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
    mount('64k', mkdtempSync(join(tmpdir(), 'registry-small-disk-')))()
    return true
  } catch {
    return false
  }
}

/** @returns what ends it */
function mount(size: string, path: string): () => void {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'pipe' })
  } catch (error) {
    rmdirSync(path)
    throw error
  }
  return () => {
    // Lazily: a test that failed may have files open, and is not to leave its disk behind.
    execFileSync('umount', ['--lazy', path], { stdio: 'pipe' })
    rmdirSync(path)
  }
}

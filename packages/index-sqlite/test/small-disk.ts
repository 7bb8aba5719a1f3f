import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describeWith, type Need } from '@registry/services/describe-with'
import { onTestFinished } from 'vitest'

const tmpfs: Need = { name: 'tmpfs', isThere: isPermitted, remedy: 'run as root, on Linux, where mount is permitted' }

/** `describe`, for tests that mount a file system of their own. */
export function describeWithTmpfs(title: string, body: () => void): void {
  describeWith([tmpfs], title, body)
}

/** The directory of a disk of 1 MiB, which is gone after the test. */
export function smallDisk(): string {
  const { directory, unmount } = mounted()
  onTestFinished(unmount)
  return directory
}

/** Fills the disk but for `keep` bytes, with a file of the returned name. */
export async function fillDisk(directory: string, keep = 0): Promise<string> {
  const ballast = path.join(directory, 'ballast')
  const { bavail, bsize } = await statfs(directory)
  await writeFile(ballast, Buffer.alloc(Math.max(bavail * bsize - keep, 0)))
  return ballast
}

function mounted(): { readonly directory: string; readonly unmount: () => void } {
  const directory = mkdtempSync(path.join(tmpdir(), 'registry-small-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory], { stdio: 'pipe' })
  } catch (error) {
    rmSync(directory, { recursive: true })
    throw error
  }
  return {
    directory,
    unmount: () => {
      // Lazily: a test that failed may have left a file open there.
      execFileSync('umount', ['-l', directory], { stdio: 'pipe' })
      rmSync(directory, { recursive: true })
    },
  }
}

function isPermitted(): boolean {
  try {
    mounted().unmount()
    return true
  } catch {
    return false
  }
}

import { execFile } from 'node:child_process'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const mebi = 1024 ** 2

/** What the disk does with as many bytes, written at once and synced at the end. */
export const dd = {
  name: 'dd conv=fsync',
  kind: 'yardstick',
  async measure({ folder, bytes }) {
    const file = join(folder, 'written')
    const start = performance.now()
    await run('dd', ['if=/dev/zero', `of=${file}`, 'bs=1M', `count=${Math.round(bytes / mebi)}`, 'conv=fsync'])
    const seconds = (performance.now() - start) / 1000
    await rm(file)
    return { amount: bytes / 1e6, seconds }
  },
}

/** Files of the sizes of the blobs of small images, each synced, renamed, and its folder synced: the least that keeps a blob. */
export const syncedFiles = {
  name: 'synced files',
  kind: 'yardstick',
  async measure({ folder, seconds, workers, sizes }) {
    const bytes = Buffer.alloc(Math.max(...sizes))
    const start = performance.now()
    let amount = 0
    const work = async (_, worker) => {
      for (let n = 0; performance.now() - start < seconds * 1000; n++) {
        for (const [file, size] of sizes.entries()) await writeSynced(folder, `${worker}.${n}.${file}`, bytes.subarray(0, size))
        amount++
      }
    }
    await Promise.all(Array.from({ length: workers }, work))
    return { amount, seconds: (performance.now() - start) / 1000 }
  },
}

async function writeSynced(folder, name, bytes) {
  const written = join(folder, `${name}.part`)
  await withFile(written, 'w', async (file) => {
    await file.writeFile(bytes)
    await file.datasync()
  })
  await rename(written, join(folder, name))
  await withFile(folder, 'r', (file) => file.sync())
}

async function withFile(path, flags, use) {
  const file = await open(path, flags)
  try {
    await use(file)
  } finally {
    await file.close()
  }
}

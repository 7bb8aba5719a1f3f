import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { describeWith } from '../support/require-program.js'
import { startRegistryProcess } from '../support/registry-process.js'
import { crashesOf, type Recording } from './support/crashes.js'
import { diskModel } from './support/disk-model.js'
import { newFolder } from './support/disk-nodes.js'
import { treeOf } from './support/disk-tree.js'
import { followerOf } from './support/follow-calls.js'
import { startRecorder } from './support/recorder.js'
import { chosenSeed, withSeed } from './support/seed.js'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const name = 'registry.tar'

/** What `registry backup` does to the disk that it writes the archive to, and the archive. */
async function recordBackup(): Promise<{ readonly recording: Recording; readonly archive: Buffer }> {
  const folder = mkdtempSync(join(tmpdir(), 'registry-backup-recorded-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [storage, disk] = [join(folder, 'data'), join(folder, 'backups')]
  mkdirSync(disk)
  await (await startRegistryProcess(storage)).stop()
  const recorder = startRecorder(join(folder, 'record'))
  const [program, ...args] = [...recorder.command, process.execPath, main, 'backup', join(disk, name), '--storage-path', storage]
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, UV_USE_IO_URING: '0' } })
  const errors = child.stderr.setEncoding('utf8').toArray() as Promise<string[]>
  const [code] = (await once(child, 'close')) as [number | null]
  expect(code, (await errors).join('')).toBe(0)
  const recording = { folder: disk, before: newFolder, processes: [await recorder.moments] }
  return { recording, archive: await readFile(join(disk, name)) }
}

describeWith(['strace'], 'a power loss at any moment of a backup', () => {
  it('leaves the whole archive or none of that name, and the whole one once the command has ended', { timeout: 120_000 }, async () => {
    const { recording, archive } = await recordBackup()
    const seed = chosenSeed()
    await withSeed(seed, async () => {
      for (const { tree, where } of crashesOf(recording, { seed, variants: 200 })) {
        const holds = tree.find(({ path }) => path === name)?.holds
        if (holds !== undefined && !archive.equals(holds as Buffer)) throw new Error(`${where}: the archive is not whole`)
      }
    })
    const model = diskModel(recording.folder, newFolder())
    for (const moments of recording.processes) {
      const follower = followerOf(model)
      for (const moment of moments) follower.follow(moment)
    }
    expect(treeOf(model.root, new Set()).map(({ path }) => path)).toContain(name)
  })
})

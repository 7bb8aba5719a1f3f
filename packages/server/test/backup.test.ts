import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { answersOf, questionsAbout } from './support/answers.js'
import { runRegistryCommand, startRegistryProcess } from './support/registry-process.js'
import { describeWithTmpfs, mountSmallDisk } from './support/small-disk.js'
import { temporaryFolder } from './support/temporary-folder.js'
import { blobOf, imageManifest, pushBlob, pushManifest, randomBlob, type TestBlob } from './support/test-server.js'

const config = blobOf('{}')

/** A registry with an image, a text that is an object, a deleted tag and an upload session, and what can be asked about it. */
async function filled(): Promise<{ readonly storage: string; readonly url: string; readonly questions: ReturnType<typeof questionsAbout>; readonly layer: TestBlob; readonly stop: () => Promise<unknown> }> {
  const storage = join(temporaryFolder(), 'data')
  const registry = await startRegistryProcess(storage)
  const url = `http://${registry.address}`
  const layer = randomBlob(500_000)
  for (const blob of [config, layer]) await pushBlob({ url }, 'a', blob)
  const small = imageManifest(config, [layer])
  const large = imageManifest(config, [layer], { annotations: { note: 'x'.repeat(3_900_000) } })
  for (const [tag, manifest] of [['small', small], ['large', large], ['deleted', small]] as const) expect(await pushManifest({ url }, 'a', tag, manifest)).toBe(201)
  await fetch(`${url}/v2/a/manifests/deleted`, { method: 'DELETE' })
  const session = await fetch(`${url}/v2/a/blobs/uploads/`, { method: 'POST' })
  await fetch(new URL(session.headers.get('location')!, url), { method: 'PATCH', body: 'half' })
  const questions = questionsAbout('a', { tags: ['small', 'large', 'deleted'], manifests: [small.digest, large.digest], blobs: [config.digest, layer.digest] })
  return { storage, url, questions, layer, stop: () => registry.stop() }
}

async function restore(archive: string): Promise<string> {
  const folder = join(temporaryFolder(), 'restored')
  await mkdir(folder)
  await promisify(execFile)('tar', ['-xf', archive, '-C', folder])
  return folder
}

const main = new URL('../dist/cli/main.js', import.meta.url).pathname

describe('registry backup', () => {
  it('of a registry in use gives one that answers as it did, works on, and can lose its index', async () => {
    const { storage, url, questions, layer } = await filled()
    const before = await answersOf(url, questions)
    const archive = join(temporaryFolder(), 'backup.tar')
    expect(await runRegistryCommand(['backup', archive, '--storage-path', storage])).toMatchObject({ code: 0, stdout: '' })
    // What comes after the backup leaves records that must not be in it.
    for (let n = 0; n < 3; n++) expect(await pushManifest({ url }, 'a', 'small', imageManifest(config, [layer], { annotations: { n: String(n) } }))).toBe(201)

    const folder = await restore(archive)
    const restored = await startRegistryProcess(folder)
    expect(await answersOf(`http://${restored.address}`, questions)).toEqual(before)
    const moved = imageManifest(config, [layer], { annotations: { restored: 'yes' } })
    expect(await pushManifest({ url: `http://${restored.address}` }, 'a', 'small', moved)).toBe(201)
    const after = await answersOf(`http://${restored.address}`, questions)
    await restored.stop()

    for (const name of readdirSync(folder).filter((one) => one.startsWith('@index'))) await unlink(join(folder, name))
    const rebuilt = await runRegistryCommand(['rebuild', '--no-wait', '--storage-path', folder])
    expect([rebuilt.code, rebuilt.stderr.includes('error')]).toEqual([0, false])
    const again = await startRegistryProcess(folder)
    expect(await answersOf(`http://${again.address}`, questions)).toEqual(after)
  })

  it('made while pushes go on holds every image that was there when it began', async () => {
    const { storage, url, questions, layer } = await filled()
    const before = await answersOf(url, questions.filter(([, path]) => !path.includes('tags/list')))
    const archive = join(temporaryFolder(), 'backup.tar')
    const end = new AbortController()
    const pushing = (async () => {
      for (let n = 0; !end.signal.aborted; n++) {
        expect(await pushManifest({ url }, 'a', `new-${n}`, imageManifest(config, [layer], { annotations: { n: String(n) } }))).toBe(201)
        if (n > 2) await fetch(`${url}/v2/a/manifests/new-${n - 2}`, { method: 'DELETE' })
      }
    })()
    const made = await runRegistryCommand(['backup', archive, '--storage-path', storage])
    end.abort()
    await pushing
    expect(made).toMatchObject({ code: 0 })
    const restored = await startRegistryProcess(await restore(archive))
    expect(await answersOf(`http://${restored.address}`, questions.filter(([, path]) => !path.includes('tags/list')))).toEqual(before)
    const { tags } = (await (await fetch(`http://${restored.address}/v2/a/tags/list`)).json()) as { tags: readonly string[] }
    for (const tag of tags) expect((await fetch(`http://${restored.address}/v2/a/manifests/${tag}`)).status).toBe(200)
  })

  it('is refused while the index is made anew, and writes nothing', async () => {
    const { storage, stop } = await filled()
    await stop()
    for (const name of readdirSync(storage).filter((one) => one.startsWith('@index'))) await unlink(join(storage, name))
    await startRegistryProcess(storage)
    const folder = temporaryFolder()
    const { code, stderr } = await runRegistryCommand(['backup', join(folder, 'backup.tar'), '--storage-path', storage])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^registry: .*made anew.*try again.*\n$/)])
    expect(readdirSync(folder)).toEqual([])
  })

  it('names what storage has lost, with exit code 2, and holds the rest', async () => {
    const { storage, layer } = await filled()
    const names = readdirSync(join(storage, 'blobs'), { recursive: true, encoding: 'utf8' })
    const lost = names.find((name) => statSync(join(storage, 'blobs', name)).size === layer.bytes.length)
    await unlink(join(storage, 'blobs', lost!))
    const archive = join(temporaryFolder(), 'backup.tar')
    const { code, stderr } = await runRegistryCommand(['backup', archive, '--storage-path', storage])
    expect(code).toBe(2)
    expect(stderr).toContain(`registry: not in the backup: blobs/${lost!}: it is gone from storage\n`)
    expect(existsSync(archive)).toBe(true)
  })

  it('has a record that a rebuild could not read as it is, and names it, so that no delete comes of it', async () => {
    const { storage, stop } = await filled()
    await stop()
    const records = readdirSync(join(storage, 'repositories/a/_tags'), { recursive: true, encoding: 'utf8' })
    const damaged = join('repositories/a/_tags', records.find((name) => /small\/\d+$/.test(name))!)
    const text = await readFile(join(storage, damaged), 'utf8')
    writeFileSync(join(storage, damaged), text.replace('"tag":"small"', '"tag":"smell"'))
    expect((await runRegistryCommand(['rebuild', '--no-wait', '--storage-path', storage])).code).toBe(2)
    const archive = join(temporaryFolder(), 'backup.tar')
    const { code, stderr } = await runRegistryCommand(['backup', archive, '--storage-path', storage])
    expect([code, stderr]).toEqual([2, expect.stringContaining(`registry: not in the backup: ${damaged}: `) as string])
    const restored = await restore(archive)
    expect(await readFile(join(restored, damaged), 'utf8')).toContain('smell')
    // Once it is mended, the tag is there again.
    writeFileSync(join(restored, damaged), text)
    expect(await runRegistryCommand(['rebuild', '--no-wait', '--storage-path', restored])).toMatchObject({ code: 0 })
    expect((await runRegistryCommand(['ls', 'a', '--storage-path', restored])).stdout).toContain('small')
  })

  it('replaces no file unasked, and leaves nothing where it fails', async () => {
    const { storage } = await filled()
    const folder = temporaryFolder()
    const archive = join(folder, 'backup.tar')
    writeFileSync(archive, 'mine')
    const refused = await runRegistryCommand(['backup', archive, '--storage-path', storage])
    expect(refused).toEqual({ code: 1, stdout: '', stderr: `registry: ${archive} is there already; --force replaces it\n` })
    expect(await readFile(archive, 'utf8')).toBe('mine')
    expect((await runRegistryCommand(['backup', archive, '--force', '--storage-path', storage])).code).toBe(0)
    const nowhere = await runRegistryCommand(['backup', join(folder, 'missing', 'backup.tar'), '--storage-path', storage])
    expect(nowhere).toMatchObject({ code: 1, stderr: `registry: ${join(folder, 'missing')} is no folder; make it, or name a file elsewhere\n` })
    expect((await runRegistryCommand(['backup', folder, '--force', '--storage-path', storage])).stderr).toBe(`registry: ${folder} is a folder; name a file in it\n`)
    expect(readdirSync(folder)).toEqual(['backup.tar'])
  })

  it.each([['SIGINT', 130], ['SIGTERM', 143]] as const)('leaves nothing where %s ends it, with exit code %i', async (signal, code) => {
    const { storage, url } = await filled()
    await pushBlob({ url }, 'a', randomBlob(50_000_000))
    const folder = temporaryFolder()
    const child = spawn(process.execPath, [main, 'backup', join(folder, 'backup.tar'), '--storage-path', storage], { stdio: ['ignore', 'pipe', 'pipe'] })
    const stderr = child.stderr.setEncoding('utf8').toArray()
    const exited = once(child, 'exit')
    while (!readdirSync(folder).some((name) => name.endsWith('.partial') && statSync(join(folder, name)).size > 0)) await sleep(1)
    child.kill(signal)
    // As npm passes Ctrl-C on.
    child.kill(signal)
    expect(await exited).toEqual([code, null])
    expect((await stderr).join('')).toBe(`registry: ended by ${signal}\n`)
    expect(readdirSync(folder)).toEqual([])
  })

  it('to stdout ends by a signal though nobody reads, and leaves nothing', async () => {
    const { storage, url } = await filled()
    await pushBlob({ url }, 'a', randomBlob(5_000_000))
    const folder = temporaryFolder()
    const env = { ...process.env, TMPDIR: folder }
    const child = spawn(process.execPath, [main, 'backup', '-', '--storage-path', storage], { stdio: ['ignore', 'pipe', 'ignore'], env })
    await once(child.stdout, 'readable')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([143, null])
    expect(readdirSync(folder)).toEqual([])
  })

  it('writes to stdout, and teaches in its help', async () => {
    const { storage } = await filled()
    const script = 'node "$0" backup - --storage-path "$1" | tar -tf -'
    const { stdout } = await promisify(execFile)('sh', ['-c', script, main, storage])
    expect(stdout).toContain('registry.json\n')
    expect(stdout).toContain('@index.sqlite\n')
    const help = await runRegistryCommand(['backup', '--help'])
    for (const part of ['--force', '--storage-path', 'tar -xf', 'Examples:', 'Exit code']) expect(help.stdout).toContain(part)
  })
})

describeWithTmpfs('registry backup to a disk that is full', () => {
  it.each([['of the archive', 4_000_000], ['of the copy of the index', 0]])('names the archive and its disk for want %s, and leaves nothing', async (_, keep) => {
    const { storage, url, questions } = await filled()
    await pushBlob({ url }, 'a', randomBlob(5_000_000))
    const before = await answersOf(url, questions)
    const disk = mountSmallDisk('8m')
    await disk.fill(keep)
    const archive = join(disk.path, 'backup.tar')
    const { code, stderr } = await runRegistryCommand(['backup', archive, '--storage-path', storage])
    const todo = 'make room there, or name a file on another disk; no part of an archive was left, and the registry is as it was'
    expect([code, stderr]).toEqual([1, `registry: no room is left for ${archive} on the disk of ${disk.path}: ${todo}\n`])
    expect(readdirSync(disk.path)).toEqual(['ballast'])
    expect(await answersOf(url, questions)).toEqual(before)
  })

  it('names the disk of temporary files where the archive goes to stdout', async () => {
    const { storage } = await filled()
    const disk = mountSmallDisk('64k')
    const script = 'TMPDIR="$2" node "$0" backup - --storage-path "$1" | wc -c'
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', script, main, storage, disk.path])
    expect(stdout.trim()).toBe('0')
    expect(stderr).toMatch(new RegExp(`^registry: no room is left on the disk of ${disk.path} for a copy of the index: .*TMPDIR.*\\n$`))
    expect(readdirSync(disk.path)).toEqual([])
  })
})

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { memoryDriver, memoryIndex, type MemoryStorage } from '@registry/core/memory'
import { createRegistry } from '@registry/engine'
import { describe, expect, it } from 'vitest'
import { createServer } from '../src/index.js'
import { type RegistryProcess, runRegistryCommand, startRegistryProcess } from './support/registry-process.js'
import { describeWithTmpfs, mountSmallDisk } from './support/small-disk.js'
import { temporaryFolder } from './support/temporary-folder.js'

const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  manifests: [],
})

const headers = { 'content-type': 'application/vnd.oci.image.index.v1+json' }

/** One that is not like the others, of about as many bytes as the note. */
function manifestWith(note: string): string {
  return JSON.stringify({ ...(JSON.parse(manifest) as object), annotations: { note } })
}

async function push(address: string, tag: string, body = manifest): Promise<void> {
  const response = await fetch(`http://${address}/v2/a/manifests/${tag}`, { method: 'PUT', body, headers })
  expect(response.status).toBe(201)
}

/** A storage with two tags that nobody serves. */
async function filled(storage = join(temporaryFolder(), 'data'), notes: readonly string[] = []): Promise<string> {
  const registry = await startRegistryProcess(storage)
  for (const tag of ['one', 'two']) await push(registry.address, tag)
  for (const [n, note] of notes.entries()) await push(registry.address, `note-${n}`, manifestWith(note))
  await registry.stop()
  return storage
}

async function untilReady({ address }: RegistryProcess): Promise<void> {
  while ((await fetch(`http://${address}/readyz`)).status !== 200) await sleep(200)
}

describe('registry rebuild', () => {
  it('makes the index anew, keeps the one before, and prints what is there again', async () => {
    const storage = await filled()
    const { code, stdout, stderr } = await runRegistryCommand(['rebuild', '--no-wait', '--storage-path', storage])
    expect([code, stdout]).toEqual([0, 'Rebuilt: 1 repositories, 1 manifests, 2 tags, 0 blobs; nothing was left out\n'])
    expect(stderr).toContain('rebuilding the index')
    expect(readdirSync(storage).filter((name) => /^@index\.sqlite\.before-rebuild-[\dTZ-]+$/.test(name))).toHaveLength(1)
    const registry = await startRegistryProcess(storage)
    expect(await (await fetch(`http://${registry.address}/v2/a/tags/list`)).json()).toEqual({ name: 'a', tags: ['one', 'two'] })
  })

  it('names what it leaves out, with exit code 2', async () => {
    const storage = await filled()
    writeFileSync(join(storage, 'repositories/a/readme'), 'x')
    const rebuilt = await runRegistryCommand(['rebuild', '--no-wait', '--json', '--storage-path', storage])
    expect(rebuilt.code).toBe(2)
    expect(rebuilt.stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
      { leftOut: { key: 'repositories/a/readme', reason: 'its key is none of a record' } },
      { repositories: 1, manifests: 1, tags: 2, blobs: 0, problems: 1, dryRun: false },
    ])
  })

  it('names a tag whose manifest was never recorded, which is no problem', async () => {
    const storage = await filled()
    const records = join(storage, 'repositories/a/_manifests')
    const before = readdirSync(records, { recursive: true }).length
    const registry = await startRegistryProcess(storage)
    await push(registry.address, 'v1', manifestWith('lost'))
    await registry.stop()
    expect(readdirSync(records, { recursive: true }).length).toBeGreaterThan(before)
    const lost = createHash('sha256').update(manifestWith('lost')).digest('hex')
    await rm(join(records, 'sha256', lost), { recursive: true })
    const notice = 'left out 1 push that was never answered: tag a:v1'
    const dry = await runRegistryCommand(['rebuild', '--dry-run', '--json', '--storage-path', storage])
    expect([dry.code, JSON.parse(dry.stdout.split('\n')[0]!)]).toEqual([0, { unanswered: { count: 1, tags: ['a:v1'] } }])
    await rm(join(storage, '@index.sqlite'))
    const started = await startRegistryProcess(storage)
    await untilReady(started)
    expect(started.errors.filter((line) => line.includes(notice))).toHaveLength(1)
    await started.stop()
    // What was left out is a deleted tag from then on.
    const { code, stdout } = await runRegistryCommand(['rebuild', '--no-wait', '--storage-path', storage])
    expect([code, stdout]).toEqual([0, 'Rebuilt: 1 repositories, 1 manifests, 2 tags, 0 blobs; nothing was left out\n'])
  }, 60_000)

  it('changes nothing in a dry run, and counts the same', async () => {
    const storage = await filled()
    const contents = (): readonly string[] => readdirSync(storage, { recursive: true, encoding: 'utf8' }).sort()
    const before = contents()
    const { code, stdout } = await runRegistryCommand(['rebuild', '--dry-run', '--storage-path', storage])
    expect([code, stdout]).toEqual([0, 'A rebuild would find: 1 repositories, 1 manifests, 2 tags, 0 blobs; nothing was left out\n'])
    expect(contents()).toEqual(before)
    const registry = await startRegistryProcess(storage)
    await untilReady(registry)
    await push(registry.address, 'three')
  })

  it.each([
    ['does not exist', (folder: string) => join(folder, 'nothing')],
    ['holds no registry', (folder: string) => folder],
  ])('refuses a folder that %s in one line', async (reason, path) => {
    const { code, stdout, stderr } = await runRegistryCommand(['rebuild', '--storage-path', path(temporaryFolder())])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(new RegExp(`^registry: .*${reason}.*--storage-path.*--config.*\\n$`))
  })

  it('teaches in its help', async () => {
    const { code, stdout } = await runRegistryCommand(['rebuild', '--help'])
    expect(code).toBe(0)
    for (const part of ['--dry-run', '--json', '--storage-path', 'Examples:', 'Exit code', '2 when']) expect(stdout).toContain(part)
  })
})

describeWithTmpfs('registry rebuild on a full disk', () => {
  const tags = ['note-0', 'note-1', 'note-2', 'note-3', 'one', 'two']
  const listed = async (storage: string): Promise<unknown> => {
    const registry = await startRegistryProcess(storage)
    await untilReady(registry)
    const answer: unknown = await (await fetch(`http://${registry.address}/v2/a/tags/list`)).json()
    await registry.stop()
    return answer
  }
  const sidelined = (storage: string): readonly string[] => readdirSync(storage).filter((name) => name.includes('before-rebuild'))

  it.each([
    ['the index before cannot be opened', 0],
    ['no new index can be made', 48],
  ])('leaves the index as it was where %s', async (_, kibibytes) => {
    const disk = mountSmallDisk('8m')
    const storage = await filled(join(disk.path, 'data'), tags.slice(0, 4).map((tag) => tag + 'x'.repeat(100_000)))
    const owner = readFileSync(join(storage, 'registry.json'))
    const index = readFileSync(join(storage, '@index.sqlite'))
    await disk.fill(kibibytes * 1024)
    const { code, stdout, stderr } = await runRegistryCommand(['rebuild', '--no-wait', '--storage-path', storage])
    expect([code, stdout]).toEqual([1, ''])
    const said = kibibytes === 0 ? /nothing was changed/ : /^registry: no room is left on the disk of .*\/data, and the index that was there is in its place again: make room, then run `registry rebuild`/
    expect(stderr.trim().split('\n').at(-1)).toMatch(said)
    expect(sidelined(storage)).toEqual([])
    expect([readFileSync(join(storage, 'registry.json')).equals(owner), readFileSync(join(storage, '@index.sqlite')).equals(index)]).toEqual([true, true])
    await disk.makeRoom()
    expect(await listed(storage)).toEqual({ name: 'a', tags })
  })

  it('says what goes on, and where the index before is, where not everything fits', async () => {
    const disk = mountSmallDisk('8m')
    const storage = await filled(join(disk.path, 'data'), tags.slice(0, 4).map((tag) => tag + 'x'.repeat(100_000)))
    await disk.fill(300 * 1024)
    const { code, stdout, stderr } = await runRegistryCommand(['rebuild', '--no-wait', '--storage-path', storage])
    expect([code, stdout]).toEqual([1, ''])
    const [aside] = sidelined(storage)
    expect(stderr.trim().split('\n').filter((line) => line.startsWith('registry: '))).toEqual([
      `registry: no room is left on the disk of ${storage}, and the new index does not have everything yet: make room, then run ` +
        `\`registry rebuild\` or \`registry serve\`, which go on with it; the index from before is kept as ${join(storage, aside!)}`,
    ])
    await disk.makeRoom()
    const again = await runRegistryCommand(['rebuild', '--no-wait', '--storage-path', storage])
    expect([again.code, again.stdout]).toEqual([0, 'Rebuilt: 1 repositories, 5 manifests, 6 tags, 0 blobs; nothing was left out\n'])
    expect(sidelined(storage)).toEqual([aside])
    expect(await listed(storage)).toEqual({ name: 'a', tags })
  })
})

describe('registry serve, whose index is damaged while it runs', () => {
  it('is not ready any more once a request has met the damage, writes nothing more, and is whole after a rebuild', async () => {
    const note = 'x'.repeat(50_000)
    const storage = await filled(undefined, [note])
    const registry = await startRegistryProcess(storage)
    const ask = async (path: string, init?: RequestInit): Promise<number> => (await fetch(`http://${registry.address}${path}`, init)).status
    const file = join(storage, '@index.sqlite')
    // A page in the middle of a text, which nobody has read yet.
    const text = readFileSync(file).indexOf('x'.repeat(4000))
    const handle = await open(file, 'r+')
    await handle.write(Buffer.alloc(4096, 0xff), 0, 4096, Math.floor(text / 4096) * 4096)
    await handle.close()
    expect([await ask('/readyz'), await ask('/v2/a/manifests/note-0'), await ask('/readyz')]).toEqual([200, 500, 503])
    expect(await (await fetch(`http://${registry.address}/readyz`)).json()).toEqual({ status: 'unavailable', reason: 'CORRUPT' })
    expect(await ask('/livez')).toBe(200)
    expect(await ask('/v2/a/manifests/late', { method: 'PUT', body: manifest, headers })).toBe(500)
    expect(registry.errors.some((line) => line.includes('@index.sqlite: it is damaged'))).toBe(true)
    await registry.stop()
    expect(await runRegistryCommand(['rebuild', '--no-wait', '--storage-path', storage])).toMatchObject({ code: 0 })
    const after = await startRegistryProcess(storage)
    expect((await fetch(`http://${after.address}/readyz`)).status).toBe(200)
    expect(await (await fetch(`http://${after.address}/v2/a/manifests/note-0`)).text()).toBe(manifestWith(note))
  })
})

describe('registry serve, without its index', () => {
  // Each waits until processes on the index before would have noticed: no more of them than it takes.
  it.each(['damaged', 'half rebuilt'])('rebuilds it where it is %s, answers 503 meanwhile, and everything as before then', async (fate) => {
    const storage = await filled()
    const index = join(storage, '@index.sqlite')
    if (fate === 'damaged') writeFileSync(index, 'x'.repeat(100_000))
    else writeFileSync(index, '')
    for (const suffix of ['-wal', '-shm']) await rm(index + suffix, { force: true })
    if (fate === 'half rebuilt') (await startRegistryProcess(storage)).child.kill('SIGKILL')
    const registry = await startRegistryProcess(storage)
    const during = await fetch(`http://${registry.address}/v2/a/tags/list`)
    expect([during.status, during.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await during.json()).toMatchObject({ errors: [{ code: 'UNAVAILABLE', message: expect.stringContaining('index anew') as string }] })
    expect(await (await fetch(`http://${registry.address}/readyz`)).json()).toMatchObject({ status: 'unavailable', reason: 'REBUILDING', done: 0 })
    await untilReady(registry)
    expect(await (await fetch(`http://${registry.address}/v2/a/tags/list`)).json()).toEqual({ name: 'a', tags: ['one', 'two'] })
    expect(registry.errors.some((line) => line.includes('the index is complete'))).toBe(true)
    const aside = readdirSync(storage).filter((name) => name.startsWith('@index.sqlite.corrupt-'))
    expect(aside).toHaveLength(fate === 'damaged' ? 1 : 0)
  }, 90_000)

  it('stops the writes of a process that still has the old one', async () => {
    const storage = await filled()
    const old = await startRegistryProcess(storage)
    renameSync(join(storage, '@index.sqlite'), join(storage, '@index.sqlite.old'))
    for (const suffix of ['-wal', '-shm']) if (existsSync(join(storage, `@index.sqlite${suffix}`))) renameSync(join(storage, `@index.sqlite${suffix}`), join(storage, `@index.sqlite.old${suffix}`))
    const fresh = await startRegistryProcess(storage)
    await untilReady(fresh)
    const refused = await fetch(`http://${old.address}/v2/a/manifests/late`, { method: 'PUT', body: manifest, headers })
    expect(refused.status).toBe(503)
    expect((await fetch(`http://${old.address}/v2/a/manifests/one`)).status).toBe(200)
    expect(await (await fetch(`http://${old.address}/readyz`)).json()).toEqual({ status: 'unavailable', reason: 'TAKEN_OVER' })
    expect(old.errors.filter((line) => line.includes('belongs to another index'))).not.toHaveLength(0)
  }, 90_000)
})

describe('a server whose index is rebuilt', () => {
  it('answers nothing with 404', async () => {
    const storage: MemoryStorage = new Map()
    await (await createRegistry({ driver: memoryDriver({ storage }), index: memoryIndex() })).close()
    const registry = await createRegistry({ driver: memoryDriver({ storage }), index: memoryIndex() })
    const server = await createServer(registry)
    const { url } = await server.listen({ port: 0 })
    const digest = `sha256:${'0'.repeat(64)}`
    const requests = [
      ['GET', '/v2/a/manifests/tag'],
      ['HEAD', `/v2/a/manifests/${digest}`],
      ['GET', `/v2/a/blobs/${digest}`],
      ['POST', '/v2/a/blobs/uploads/'],
      ['GET', '/v2/a/tags/list'],
      ['GET', '/v1/search?q=a'],
      ['GET', '/v1/search'],
    ] as const
    for (const [method, path] of requests) {
      const response = await fetch(url + path, { method })
      expect([path, response.status, response.headers.get('retry-after')]).toEqual([path, 503, '5'])
    }
    expect((await fetch(`${url}/livez`)).status).toBe(200)
    await server.close()
    await registry.close()
  })
})

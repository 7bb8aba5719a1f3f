import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { progressLine, verifyProgress } from '../src/cli/verify-progress.js'
import { runRegistryCommand } from './support/registry-process.js'
import { type Served, served } from './support/served.js'
import { temporaryFolder } from './support/temporary-folder.js'
import { blobOf, imageManifest, pushBlob, pushManifest, type TestBlob } from './support/test-server.js'

const [config, layer] = [blobOf('{}'), blobOf('the bytes of a layer')]
const image = imageManifest(config, [layer])

async function servedWithImage(): Promise<Served> {
  const registry = await served()
  for (const blob of [config, layer]) await pushBlob(registry, 'a', blob)
  expect(await pushImage(registry)).toBe(201)
  return registry
}

async function pushImage(registry: Served): Promise<number> {
  return pushManifest(registry, 'a', 'v1', image)
}

/** The file that has just these bytes. */
function fileOf({ storage }: Served, { digest }: TestBlob): string {
  const files = readdirSync(join(storage, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name))
  return paths.find((path) => `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}` === digest)!
}

/** A file as an upload leaves it that died. */
function orphanBeside(file: string): string {
  return join(dirname(file), `${basename(dirname(file))}${'0'.repeat(30)}-0-abcdef01`)
}

const verify = async ({ storage }: Served, ...args: readonly string[]): ReturnType<typeof runRegistryCommand> =>
  runRegistryCommand(['verify', ...args, '--storage-path', storage])

const linesOf = (stdout: string): readonly unknown[] => stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown)

const counts = { repositories: 1, manifests: 1, tags: 1, blobs: 2, objects: 2, inPassing: 0 }

describe('registry verify', () => {
  it('finds nothing in a registry that is being served, with exit code 0 and nothing on stderr', async () => {
    const registry = await servedWithImage()
    expect(await verify(registry)).toEqual({ code: 0, stdout: 'Verified: 1 repositories, 1 manifests, 1 tags, 2 blobs, 2 objects; nothing is wrong\n', stderr: '' })
    const { code, stdout, stderr } = await verify(registry, '--deep', '--json')
    expect([code, linesOf(stdout), stderr]).toEqual([0, [{ ...counts, bytes: 22, findings: 0, repaired: 0, marked: 0, deep: true, repair: false }], ''])
  })

  it('marks a damaged blob, which is answered 404 from then on, and heals when it is pushed again', async () => {
    const registry = await servedWithImage()
    const blobStatus = async (method: string): Promise<number> => (await fetch(`${registry.url}/v2/a/blobs/${layer.digest}`, { method })).status
    writeFileSync(fileOf(registry, layer), 'other bytes of layer')
    expect((await verify(registry)).code).toBe(0)
    const wrong = createHash('sha256').update('other bytes of layer').digest('hex')
    const reason = `its bytes have the digest sha256:${wrong}`
    const needed = `manifest-incomplete: a@${image.digest}: its blob ${layer.digest}`
    const found = await verify(registry, '--deep')
    expect([found.code, found.stdout.split('\n').slice(0, 2)]).toEqual([2, [`blob-damaged: ${layer.digest}: ${reason}`, `${needed} is damaged`]])
    expect(found.stdout).toMatch(/what to do about blob-damaged: .*--deep --repair.*\nwhat to do about manifest-incomplete: push the image again\nVerified: .*; 2 findings, 0 repaired, 0 marked\n$/)
    expect(await blobStatus('HEAD')).toBe(200)

    const marked = await verify(registry, '--deep', '--repair')
    expect([marked.code, marked.stdout.split('\n').slice(0, 2)]).toEqual([2, [`blob-damaged: ${layer.digest}: ${reason} (marked)`, `${needed} is marked as damaged`]])
    expect([await blobStatus('HEAD'), await blobStatus('GET'), await pushImage(registry)]).toEqual([404, 404, 400])
    expect((await verify(registry)).code).toBe(2)

    await pushBlob(registry, 'a', layer)
    expect([await blobStatus('HEAD'), await pushImage(registry)]).toEqual([200, 201])
    expect(await (await fetch(`${registry.url}/v2/a/blobs/${layer.digest}`)).text()).toBe(layer.bytes.toString())
    expect(await verify(registry, '--deep')).toMatchObject({ code: 0, stderr: '' })
  })

  it('repairs what it can, with exit code 0 where that is all', async () => {
    const registry = await servedWithImage()
    rmSync(join(registry.storage, 'repositories/a/_tags'), { recursive: true })
    writeFileSync(orphanBeside(fileOf(registry, layer)), 'young')
    const { code, stdout } = await verify(registry, '--json')
    expect([code, linesOf(stdout).length]).toEqual([2, 2])
    expect(linesOf(stdout)).toMatchObject([
      { finding: { kind: 'record-missing', repository: 'a', tag: 'v1', key: expect.stringMatching(/^repositories\/a\/_tags\//) as string } },
      { ...counts, objects: 3, inPassing: 1, findings: 1, repaired: 0, marked: 0 },
    ])
    const repaired = await verify(registry, '--repair', '--json')
    expect([repaired.code, linesOf(repaired.stdout)]).toMatchObject([0, [{ finding: { kind: 'record-missing', repaired: true } }, { findings: 1, repaired: 1, repair: true }]])
    expect(readdirSync(join(registry.storage, 'repositories/a/_tags'), { recursive: true }).length).toBeGreaterThan(0)
    expect((await verify(registry)).code).toBe(0)
  })

  it('deletes objects that nothing names and that are older than a day', async () => {
    const registry = await servedWithImage()
    const orphan = orphanBeside(fileOf(registry, layer))
    writeFileSync(orphan, 'left')
    const old = new Date(Date.now() - 2 * 86_400_000)
    utimesSync(orphan, old, old)
    expect(await verify(registry)).toMatchObject({ code: 2, stdout: expect.stringMatching(/^object-unnamed: blobs\/.*: nothing names it\n/) as string })
    expect((await verify(registry, '--repair')).code).toBe(0)
    expect(existsSync(orphan)).toBe(false)
  })

  it('refuses a folder without a registry in one line, with exit code 1', async () => {
    const { code, stdout, stderr } = await runRegistryCommand(['verify', '--storage-path', temporaryFolder()])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^registry: .*holds no registry; .*--storage-path.*\n$/)
  })

  it('teaches in its help', async () => {
    const { code, stdout } = await runRegistryCommand(['verify', '--help'])
    expect(code).toBe(0)
    for (const part of ['--deep', '--repair', '--json', '--storage-path', 'Examples:', 'Exit code', '2 when', 'may be running', '404']) expect(stdout).toContain(part)
  })
})

describe('the progress of registry verify', () => {
  const progress = { phase: 'blobs', done: 128, total: 256, counts: { ...counts, bytes: 0 } } as const

  it('is one line on a terminal, and nothing elsewhere', () => {
    const written: string[] = []
    const write = (text: string): boolean => written.push(text) > 0
    for (const isTTY of [true, false]) {
      const { show, clear } = verifyProgress({ isTTY, write: write })
      show(progress)
      show(progress)
      clear()
    }
    expect(written).toEqual(['\r\x1b[K50 %: looking at blobs; 2 blobs, 1 manifests, 1 tags', '\r\x1b[K'])
  })

  it('says what was read, and no part of what is not known', () => {
    expect(progressLine({ ...progress, phase: 'commits', done: 0, total: 0, counts: { ...counts, bytes: 22 } })).toBe(
      'comparing what storage has recorded with the index; 2 blobs of which 22 bytes were read, 1 manifests, 1 tags',
    )
  })
})

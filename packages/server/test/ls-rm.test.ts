import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { runRegistryCommand } from './support/registry-process.js'
import { type Served, served } from './support/served.js'
import { temporaryFolder } from './support/temporary-folder.js'
import { blobOf, imageManifest, imageType, pushBlob, pushManifest, type TestBlob } from './support/test-server.js'

async function push(registry: Served, repository: string, tag: string, note = ''): Promise<TestBlob> {
  const config = blobOf('{}')
  await pushBlob(registry, repository, config)
  const manifest = imageManifest(config, [], { annotations: { note } })
  expect(await pushManifest(registry, repository, tag, manifest)).toBe(201)
  return manifest
}

const run = async ({ storage }: Pick<Served, 'storage'>, ...args: readonly string[]): ReturnType<typeof runRegistryCommand> =>
  runRegistryCommand([...args, '--storage-path', storage])

describe('registry ls', () => {
  it('lists repositories, tags with their digests, and manifests', async () => {
    const registry = await served()
    const image = await push(registry, 'a/b', 'v1')
    await push(registry, 'c', 'v1')
    expect(await run(registry, 'ls')).toEqual({ code: 0, stdout: 'a/b\nc\n', stderr: '' })
    expect(await run(registry, 'ls', 'a/b')).toEqual({ code: 0, stdout: `a/b:v1\t${image.digest}\n`, stderr: '' })
    expect((await run(registry, 'ls', 'a/b', '--manifests')).stdout).toBe(`a/b@${image.digest}\t${image.bytes.length}\t${imageType}\n`)
    const json = { digest: image.digest, mediaType: imageType, size: image.bytes.length }
    expect(JSON.parse((await run(registry, 'ls', 'a/b', '--json')).stdout)).toEqual({ repository: 'a/b', tag: 'v1', ...json })
    expect(JSON.parse((await run(registry, 'ls', 'a/b', '--manifests', '--json')).stdout)).toEqual({ repository: 'a/b', ...json })
    expect((await run(registry, 'ls', '--json')).stdout).toBe('{"repository":"a/b"}\n{"repository":"c"}\n')
  })

  it('makes no registry where there is none, and says what to do', async () => {
    const storage = temporaryFolder()
    expect(await run({ storage: join(storage, 'missing') }, 'ls')).toEqual({
      code: 1,
      stdout: '',
      stderr: `registry: ${join(storage, 'missing')} does not exist; name the folder of one with --storage-path, or its configuration with --config and --flavor\n`,
    })
    await mkdir(join(storage, 'empty'))
    await mkdir(join(storage, 'lost'))
    for (const name of ['registry.json', '@index.sqlite']) writeFileSync(join(storage, 'lost', name), '')
    expect((await run({ storage: join(storage, 'lost') }, 'ls')).stderr).toMatch(/^registry: .*without its index; .*registry rebuild.*\n$/)
    expect((await run({ storage: join(storage, 'empty') }, 'ls')).stderr).toMatch(/^registry: .*empty holds no registry; .*--storage-path.*\n$/)
  })

  it.each([
    [['ls', 'never'], 'registry: there is no repository never\n'],
    [['ls', 'UPPER'], /^registry: .*UPPER.*\n$/],
    [['rm', 'never:v1'], 'registry: there is no repository never\n'],
    [['rm', 'a@sha256:zz'], /^registry: .*sha256:zz.*\n$/],
    [['rm', 'a:'], /^registry: .*tag.*\n$/],
    [['rm', 'a'], 'registry: a is a whole repository; --yes deletes it\n'],
  ])('and rm answer %j with one line', async (args, line) => {
    const registry = await served()
    await push(registry, 'a', 'v1')
    const { code, stdout, stderr } = await run(registry, ...args)
    expect([code, stdout]).toEqual([1, ''])
    if (typeof line === 'string') expect(stderr).toBe(line)
    else expect(stderr).toMatch(line)
    expect((await fetch(`${registry.url}/v2/a/manifests/v1`)).status).toBe(200)
  })
})

describe('registry rm', () => {
  it('deletes a tag, a manifest with its tags, and a repository, which the server sees at once', async () => {
    const registry = await served()
    const status = async (path: string): Promise<number> => (await fetch(`${registry.url}/v2/${path}`)).status
    for (const tag of ['v1', 'v2', 'v3']) await push(registry, 'a', tag)
    const other = await push(registry, 'a', 'other', 'another')
    await push(registry, 'b', 'v1')
    expect(await run(registry, 'rm', 'a:v1')).toEqual({ code: 0, stdout: 'deleted a:v1\n', stderr: '' })
    expect([await status('a/manifests/v1'), await status('a/manifests/v2')]).toEqual([404, 200])
    const { stdout } = await run(registry, 'rm', `a@${other.digest}`, 'a:v2')
    expect(stdout).toBe(`deleted a@${other.digest} and the tags that led to it\ndeleted a:v2\n`)
    expect([await status('a/manifests/other'), await status('a/manifests/v2'), await status('a/manifests/v3')]).toEqual([404, 404, 200])
    expect((await run(registry, 'rm', '--yes', 'a')).stdout).toBe('deleted a with 1 manifest and 1 blob\n')
    expect([await status('a/tags/list'), await status('b/tags/list')]).toEqual([404, 200])
  })

  it('deletes the others where one of them is unknown, and ends with exit code 1', async () => {
    const registry = await served()
    await push(registry, 'a', 'v1')
    const { code, stdout, stderr } = await run(registry, 'rm', 'a:never', 'a:v1')
    expect([code, stdout, stderr]).toEqual([1, 'deleted a:v1\n', 'registry: a has no tag never\n'])
  })

  it('ends quietly where nobody reads on', async () => {
    const registry = await served()
    for (let n = 0; n < 20; n++) await push(registry, 'a', `${'t'.repeat(100)}${n}`)
    const main = new URL('../dist/cli/main.js', import.meta.url).pathname
    // The reader is gone before the first line is written.
    const script = 'sh -c \'node "$0" ls a --storage-path "$1"; echo "ended with $?" >&2\' "$0" "$1" | true'
    const { stderr } = await promisify(execFile)('sh', ['-c', script, main, registry.storage])
    expect(stderr).toBe('ended with 0\n')
  })

  it('deletes nothing where one of its arguments is malformed', async () => {
    const registry = await served()
    await push(registry, 'a', 'v1')
    expect((await run(registry, 'rm', 'a:v1', 'B:v1')).code).toBe(1)
    expect((await fetch(`${registry.url}/v2/a/manifests/v1`)).status).toBe(200)
  })

  it('teaches in its help', async () => {
    const { code, stdout } = await runRegistryCommand(['rm', '--help'])
    expect(code).toBe(0)
    for (const part of ['NAME:TAG', 'NAME@DIGEST', '--yes', '--storage-path', 'Examples:', 'garbage']) expect(stdout).toContain(part)
  })
})

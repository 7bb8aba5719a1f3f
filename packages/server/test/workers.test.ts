import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { restartPause } from '../src/cli/workers/restart-pause.js'
import { type RegistryProcess, runRegistryCommand, startRegistryProcess } from './support/registry-process.js'
import { temporaryFolder } from './support/temporary-folder.js'
import { blobOf, imageManifest, imageType, randomBlob, type TestBlob } from './support/test-server.js'
import { answeredBy, beginUpload, isRunning, logOf, pidsOf, send, type SlowRequest } from './support/workers-requests.js'

const soon = { timeout: 20_000, interval: 50 }
const main = new URL('../dist/cli/main.js', import.meta.url).href

async function startWorkers(storage = join(temporaryFolder(), 'data'), options: readonly string[] = []): Promise<RegistryProcess> {
  const registry = await startRegistryProcess(storage, ['--workers', '2', ...options])
  // What it prints may be read before the lines of its log that came first.
  await vi.waitFor(() => { expect(pidsOf(registry)).toHaveLength(2) }, soon)
  return registry
}

/** Sends requests until two workers have answered such. */
async function untilBothAnswer(registry: RegistryProcess, path: string, status: number, timeout = soon.timeout): Promise<void> {
  await vi.waitFor(async () => {
    await Promise.all(Array.from({ length: 4 }, () => send(registry.address, 'GET', path)))
    expect([...answeredBy(registry, (line) => line.url === path && line.status === status)].sort()).toEqual([1, 2])
  }, { timeout, interval: soon.interval })
}

async function beginUploadAt({ address }: RegistryProcess): Promise<SlowRequest> {
  const { headers } = await send(address, 'POST', '/v2/a/blobs/uploads/')
  return beginUpload(address, headers.location!)
}

async function push({ address }: RegistryProcess, blob: TestBlob): Promise<string> {
  const { headers } = await send(address, 'POST', '/v2/a/blobs/uploads/')
  const upload = headers.location!
  for (const [start, end] of [[0, 500], [500, 1000]] as const) {
    const part = { headers: { 'content-range': `${start}-${end - 1}` }, body: blob.bytes.subarray(start, end) }
    expect((await send(address, 'PATCH', upload, part)).status).toBe(202)
  }
  expect((await send(address, 'PUT', `${upload}?digest=${blob.digest}`)).status).toBe(201)
  return upload
}

async function untilGone(pids: readonly number[]): Promise<void> {
  await vi.waitFor(() => { expect(pids.filter(isRunning)).toEqual([]) }, soon)
}

async function expectPortFree(address: string): Promise<void> {
  const [host, port] = address.split(':')
  const listener = createServer().listen(Number(port), host)
  await once(listener, 'listening')
  listener.close()
}

/** What a command said beside warnings. */
function linesOf(stderr: string): readonly string[] {
  return stderr.trimEnd().split('\n').filter((line) => !line.startsWith('registry: warning: '))
}

describe('registry serve --workers', () => {
  it('answers on one port with each of them, and speaks once', async () => {
    const registry = await startWorkers(undefined, ['--host', '0.0.0.0'])
    await untilBothAnswer(registry, '/v2/', 200)
    expect(new Set([registry.child.pid, ...pidsOf(registry)]).size).toBe(3)
    expect(registry.output.map((line) => line.slice(0, 14).trim())).toEqual(['Listening on', 'Data in', 'Push with'])
    const warnings = registry.errors.filter((line) => line.startsWith('registry: warning: '))
    expect(warnings.filter((line) => line.includes('there is no authentication yet'))).toHaveLength(1)
    expect(new Set(warnings).size).toBe(warnings.length)
  })

  it('is one process where there is one worker', async () => {
    const registry = await startRegistryProcess(join(temporaryFolder(), 'data'), ['--workers', '1'])
    expect((await send(registry.address, 'GET', '/v2/')).status).toBe(200)
    expect(spawnSync('pgrep', ['-P', String(registry.child.pid)], { encoding: 'utf8' }).stdout).toBe('')
    expect(logOf(registry).filter(({ worker }) => worker !== undefined)).toEqual([])
  })

  it('takes the parts of a push at different workers', async () => {
    const registry = await startWorkers()
    const config = blobOf(randomBytes(1000))
    await push(registry, config)
    const layers: TestBlob[] = []
    await vi.waitFor(async () => {
      const layer = randomBlob(1000)
      const uploads = await Promise.all([push(registry, layer), push(registry, randomBlob(1000)), push(registry, randomBlob(1000))])
      layers.push(layer)
      expect(layers.length).toBeGreaterThanOrEqual(10)
      expect(uploads.some((upload) => answeredBy(registry, ({ url }) => url?.startsWith(upload) ?? false).size === 2)).toBe(true)
    }, soon)

    const image = imageManifest(config, layers)
    const headers = { 'content-type': imageType }
    expect((await send(registry.address, 'PUT', '/v2/a/manifests/v1', { headers, body: image.bytes })).status).toBe(201)
    for (let round = 0; round < 4; round++) {
      expect((await send(registry.address, 'GET', '/v2/a/manifests/v1', { headers: { accept: imageType } })).body).toEqual(image.bytes)
      for (const { digest, bytes } of [config, ...layers]) expect((await send(registry.address, 'GET', `/v2/a/blobs/${digest}`)).body).toEqual(bytes)
    }
  })

  it('starts with the arguments and in the folder of the first process, whatever file that one began with', async () => {
    const folder = temporaryFolder()
    const start = join(folder, 'start.mjs')
    writeFileSync(start, `process.argv = [process.execPath, 'registry', 'serve', ...process.argv.slice(2)]\nawait import(${JSON.stringify(main)})\n`)
    const args = [start, '--workers', '2', '--port', '0', '--storage-path', 'data']
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] })
    const exited = once(child, 'exit')
    onTestFinished(() => void child.kill('SIGKILL'))
    const lines: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
    await vi.waitFor(() => { expect(lines).toHaveLength(3) }, soon)
    expect((await send(lines[0]!.replace(/^.*http:\/\//, ''), 'GET', '/v2/')).status).toBe(200)
    expect(readdirSync(folder).sort()).toEqual(['data', 'start.mjs'])
    child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  })
})

describe('a worker that ends', () => {
  it('is replaced, while the other one answers', async () => {
    const registry = await startWorkers()
    const [killed] = pidsOf(registry)
    process.kill(killed!, 'SIGKILL')
    const line = { level: 50, worker: 1, signal: 'SIGKILL', msg: 'a worker ended' }
    await vi.waitFor(() => { expect(logOf(registry)).toContainEqual(expect.objectContaining(line)) }, soon)
    let answers = 0
    for (; pidsOf(registry).length === 2; answers++) expect((await send(registry.address, 'GET', '/v2/')).status).toBe(200)
    expect(answers, 'before the new one came').toBeGreaterThan(0)
    expect(pidsOf(registry)[2]).not.toBe(killed)
    await untilBothAnswer(registry, '/v2/?replaced', 200)
    expect(registry.output, 'nothing is announced twice').toHaveLength(3)
  })

  it('comes back on the same port where it was the last one', async () => {
    const registry = await startWorkers()
    for (const pid of pidsOf(registry)) process.kill(pid, 'SIGKILL')
    await vi.waitFor(() => { expect(pidsOf(registry)).toHaveLength(4) }, soon)
    await untilBothAnswer(registry, '/v2/?again', 200)
  })

  it('is not replaced by one with another configuration', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'config.yml')
    writeFileSync(file, 'dev: {issue: before}\n')
    const registry = await startWorkers(join(folder, 'data'), ['--config', file])
    writeFileSync(file, 'dev: {issue: after}\n')
    process.kill(pidsOf(registry)[0]!, 'SIGKILL')
    const refusal = 'registry: the configuration has changed since the registry was started; restart it'
    await vi.waitFor(() => { expect(registry.errors).toContain(refusal) }, soon)
    expect((await send(registry.address, 'GET', '/v2/')).status).toBe(200)
    writeFileSync(file, 'dev: {issue: before}\n')
    await vi.waitFor(() => { expect(pidsOf(registry)).toHaveLength(3) }, soon)
  })

  it('leaves a damaged index as it is while another one has it open', async () => {
    const storage = join(temporaryFolder(), 'data')
    const registry = await startWorkers(storage)
    const [first, second] = pidsOf(registry)
    const aside = (): readonly string[] => readdirSync(storage).filter((name) => name.startsWith('@index.sqlite.corrupt'))
    writeFileSync(join(storage, '@index.sqlite'), 'no database')
    writeFileSync(join(storage, '@index.sqlite-wal'), '')
    process.kill(first!, 'SIGKILL')
    await vi.waitFor(() => { expect(linesOf(registry.errors.join('\n'))).toContainEqual(expect.stringMatching(/^registry: .*@index.sqlite/)) }, soon)
    expect([aside(), isRunning(second!)]).toEqual([[], true])
    process.kill(second!, 'SIGKILL')
    await vi.waitFor(() => { expect(pidsOf(registry)).toHaveLength(4) }, soon)
    expect(aside()).not.toEqual([])
  })

  it('is waited for longer each time that it ends soon', () => {
    const pauses: number[] = []
    for (let last: number | undefined; pauses.length < 7; pauses.push(last)) last = restartPause(last, 500)
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
    expect(restartPause(30_000, 60_000)).toBe(1000)
  })
})

describe('the end of a registry with workers', () => {
  it.each([
    ['SIGTERM at the first process', 'SIGTERM', false],
    ['Ctrl-C, which reaches every process', 'SIGINT', true],
  ] as const)('lets running requests end: %s', async (_, signal, reachesAll) => {
    const registry = await startWorkers()
    const pids = pidsOf(registry)
    const upload = await beginUploadAt(registry)
    const exited = once(registry.child, 'exit')
    const untilEnding = (processes: number): Promise<void> =>
      vi.waitFor(() => { expect(logOf(registry).filter(({ msg }) => msg === 'ending')).toHaveLength(processes) }, { ...soon, interval: 5 })
    if (reachesAll) {
      for (const pid of pids) process.kill(pid, signal)
      await untilEnding(2)
    }
    registry.child.kill(signal)
    await untilEnding(3)
    await vi.waitFor(() => expect(send(registry.address, 'GET', '/v2/')).rejects.toThrow('ECONNREFUSED'), soon)
    upload.finish()
    expect(await upload.status).toBe(202)
    expect(await exited).toEqual([0, null])
    expect(pids.filter(isRunning)).toEqual([])
    expect(logOf(registry).filter(({ msg }) => msg.startsWith('a worker') && msg !== 'a worker listens')).toEqual([])
  })

  it('cuts running requests by a second signal', async () => {
    const registry = await startWorkers()
    const upload = await beginUploadAt(registry)
    const outcome = upload.status.catch((error: unknown) => error)
    const exited = once(registry.child, 'exit')
    registry.child.kill('SIGTERM')
    await vi.waitFor(() => { expect(logOf(registry).filter(({ msg }) => msg === 'ending')).toHaveLength(3) }, soon)
    const first = performance.now()
    await vi.waitFor(() => { expect(performance.now() - first).toBeGreaterThan(1000) }, soon)
    registry.child.kill('SIGTERM')
    expect(await exited).toEqual([1, null])
    expect(performance.now() - first, 'running requests would have had longer').toBeLessThan(8000)
    expect(await outcome).toMatchObject({ code: 'ECONNRESET' })
    await untilGone(pidsOf(registry))
  })

  it('tells by its exit code that a worker did not end well', async () => {
    const registry = await startWorkers()
    const { status } = await beginUploadAt(registry)
    status.catch(() => {})
    const exited = once(registry.child, 'exit')
    registry.child.kill('SIGTERM')
    await vi.waitFor(() => { expect(logOf(registry).filter(({ msg }) => msg === 'ending')).toHaveLength(3) }, soon)
    // The one without the upload may have ended.
    spawnSync('kill', ['-KILL', ...pidsOf(registry).map(String)])
    expect(await exited).toEqual([1, null])
  })

  it('comes when the first process is gone, and leaves nothing', async () => {
    const registry = await startWorkers()
    const pids = pidsOf(registry)
    const upload = await beginUploadAt(registry)
    registry.child.kill('SIGKILL')
    await vi.waitFor(() => expect(send(registry.address, 'GET', '/v2/')).rejects.toThrow('ECONNREFUSED'), soon)
    upload.finish()
    expect(await upload.status).toBe(202)
    await untilGone(pids)
    await expectPortFree(registry.address)
  })
})

describe('the start of a registry with workers', () => {
  it('says in one line that the port is in use', async () => {
    const occupant = createServer().listen(0, '127.0.0.1')
    await once(occupant, 'listening')
    onTestFinished(() => void occupant.close())
    const { port } = occupant.address() as AddressInfo
    const args = ['serve', '--workers', '2', '--port', String(port), '--storage-path', join(temporaryFolder(), 'data')]
    const { code, stdout, stderr } = await runRegistryCommand(args)
    expect([code, stdout, linesOf(stderr)]).toEqual([1, '', [`registry: port ${port} of 127.0.0.1 is in use; choose another with --port`]])
  })

  it('says in one line, with the path, that the data cannot be there', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, 'not a folder')
    const { code, stdout, stderr } = await runRegistryCommand(['serve', '--workers', '2', '--port', '0', '--storage-path', join(file, 'data')])
    expect([code, stdout, linesOf(stderr)]).toEqual([1, '', [expect.stringMatching(/^registry: .*file\/data/)]])
  })

  it('makes an index that is gone anew, in one of them, and serves everything by all', { timeout: 90_000 }, async () => {
    const storage = join(temporaryFolder(), 'data')
    const before = await startRegistryProcess(storage)
    const [config, layer] = [randomBlob(1000), randomBlob(1000)]
    for (const blob of [config, layer]) await push(before, blob)
    const image = imageManifest(config, [layer])
    await send(before.address, 'PUT', '/v2/a/manifests/v1', { headers: { 'content-type': imageType }, body: image.bytes })
    await before.stop()
    for (const name of readdirSync(storage).filter((each) => each.startsWith('@index.sqlite'))) rmSync(join(storage, name))

    const registry = await startWorkers(storage)
    await untilBothAnswer(registry, '/v2/a/tags/list', 503)
    await untilBothAnswer(registry, '/v2/a/tags/list', 200, 60_000)
    const paths = ['/v2/a/manifests/v1', `/v2/a/blobs/${config.digest}`, `/v2/a/blobs/${layer.digest}`]
    for (const path of paths) await untilBothAnswer(registry, path, 200)
    expect(logOf(registry).filter(({ msg }) => msg === 'the index is complete')).toHaveLength(1)
    expect(pidsOf(registry), 'nobody was restarted').toHaveLength(2)
  })
})

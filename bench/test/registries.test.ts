import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const script = fileURLToPath(new URL('../registries/run.mjs', import.meta.url))
const timeout = 120_000
const brief = ['--rounds', '1', '--seconds', '0.2', '--on', 'files']

interface Row {
  readonly server: string
  readonly rates: readonly number[]
  readonly measurements: readonly { readonly processorSeconds?: number; readonly peakBytes?: number }[]
  readonly ratio?: number
  readonly processorMilliseconds?: number
  readonly peakBytes?: number
  readonly clientProcessors?: number
}

interface Report {
  readonly kinds: Readonly<Record<string, string>>
  readonly loads: readonly { readonly name: string; readonly unit: string; readonly rows: readonly Row[] }[]
}

describe('the measurement beside others', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-test-'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true })
  })

  it('puts loads on the registry and on yardsticks, and tells every figure, as a table, JSON and a chart', async () => {
    const [json, chart] = [join(folder, 'figures.json'), join(folder, 'chart.svg')]
    const loads = ['manifest-by-tag-16', 'blob-100mb-4', 'push-small-docker', 'push-small-containerd']
    const { stdout } = await run(process.execPath, [script, ...brief, ...loads.flatMap((name) => ['--load', name]), '--json', json, '--chart', chart])

    const report = JSON.parse(await readFile(json, 'utf8')) as Report
    expect(report.loads.map(({ name, unit }) => [name, unit])).toEqual([
      ['manifest-by-tag-16', 'requests/s'],
      ['blob-100mb-4', 'MB/s'],
      ['push-small-docker', 'images/s'],
      ['push-small-containerd', 'images/s'],
    ])
    for (const { name, rows } of report.loads) {
      const { rates = [], processorMilliseconds = 0, peakBytes = 0 } = rows.find(({ server }) => server === 'registry') ?? {}
      expect([rates.length, rates[0]! > 0, processorMilliseconds > 0, peakBytes > 20_000_000], name).toEqual([1, true, true, true])
      for (const { server, rates: [rate = 0] = [], ratio } of rows) if (server !== 'registry') expect(ratio, `${name} ${server}`).toBeCloseTo(rates[0]! / rate)
    }
    const servers = report.loads.map(({ rows }) => rows.map(({ server }) => server).filter((server) => server !== 'docker-registry').sort())
    expect(servers).toEqual([
      ['discard', 'nginx', 'node:http', 'registry'],
      ['nginx', 'node:http', 'registry'],
      ['discard', 'registry', 'synced files'],
      ['discard', 'registry', 'synced files'],
    ])
    expect(stdout.match(/^### .*/gm)).toHaveLength(4)
    expect(await readFile(chart, 'utf8')).toMatch(/^<svg [\s\S]*GET manifest by tag, 16 connections — requests\/s[\s\S]*<\/svg>\n$/)
  }, timeout)

  it('lists, mixes pulls with pushes, deletes, and starts again on what it has kept', async () => {
    const json = join(folder, 'others.json')
    const loads = ['mix', 'tags-1k', 'referrers-100', 'delete-2000-tags', 'start']
    await run(process.execPath, [script, ...brief, '--alone', ...loads.flatMap((name) => ['--load', name]), '--json', json])
    const report = JSON.parse(await readFile(json, 'utf8')) as Report
    expect(report.loads.map(({ name, rows }) => [name, rows.map(({ server, rates }) => [server, rates.every((rate) => rate > 0)])])).toEqual(loads.map((name) => [name, [['registry', true]]]))
    for (const { name, rows } of report.loads) for (const { processorSeconds = -1, peakBytes = 0 } of rows[0]!.measurements) expect([processorSeconds >= 0, peakBytes > 20_000_000], name).toEqual([true, true])
    const [start] = report.loads.find(({ name }) => name === 'start')?.rows ?? []
    expect(start!.processorMilliseconds!).toBeGreaterThan(100)
  }, timeout)

  it('measures the registry on memory, and on Ceph and DynamoDB Local, beside that on files', async () => {
    const json = join(folder, 'backends.json')
    const loads = ['manifest-by-tag-16', 'push-small-docker', 'start']
    const backends = ['files', 'memory', 's3'].flatMap((name) => ['--on', name])
    await run(process.execPath, [script, '--rounds', '1', '--seconds', '0.2', '--alone', ...backends, ...loads.flatMap((name) => ['--load', name]), '--json', json])
    const report = JSON.parse(await readFile(json, 'utf8')) as Report
    const ours = report.loads.map(({ rows }) => rows.map(({ server }) => server).filter((server) => server.startsWith('registry')).sort())
    const all = ['registry', 'registry, S3 + DynamoDB', 'registry, memory']
    // Nothing is left in memory to start again on.
    expect(ours).toEqual([all, all, ['registry', 'registry, S3 + DynamoDB']])
  }, timeout)

  it('makes the client no limit: it does at least ten times as much as the registry, and is idle most of the time beside it', async () => {
    const json = join(folder, 'client.json')
    // What else the machine does is to slow both: rounds take turns, and the middle one counts.
    await run(process.execPath, [script, ...brief, '--rounds', '3', '--seconds', '0.5', '--load', 'push-small-docker', '--json', json])
    const { loads } = JSON.parse(await readFile(json, 'utf8')) as Report
    expect(loads[0]!.rows.find(({ server }) => server === 'discard')?.ratio).toBeLessThan(0.1)
    const part = loads[0]!.rows.find(({ server }) => server === 'registry')?.clientProcessors
    expect([part! > 0, part! < 0.3]).toEqual([true, true])
  }, timeout)

  it.each([['SIGINT', 130], ['SIGTERM', 143]] as const)('leaves no server and no file behind when it is sent %s', async (signal, exitCode) => {
    const temporary = await mkdtemp(join(folder, 'tmp-'))
    const child = spawn(process.execPath, [script, '--rounds', '100', '--on', 'files', '--load', 'blob-head-16'], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TMPDIR: temporary } })
    const ended = once(child, 'exit')
    for await (const line of createInterface(child.stderr)) if (line.startsWith('round 1 ')) break
    const servers = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim().split(' ')
    expect([servers.length > 3, await readdir(temporary)]).toEqual([true, [expect.stringMatching(/^registry-bench-/)]])

    child.kill(signal)
    expect(await ended).toEqual([exitCode, null])
    expect([servers.filter((pid) => existsSync(`/proc/${pid}`)), await readdir(temporary)]).toEqual([[], []])
  }, timeout)

  it.each([
    ['--load', 'nonsense', 'there is no load "nonsense"'],
    ['--rounds', '1.5', '--rounds expects a whole number above 0, got "1.5"'],
    ['--workers', '0', '--workers expects a whole number above 0, got "0"'],
    ['--on', 'tape', '--on expects one of files, memory, s3, got "tape"'],
    ['--peer', 'v3', '--peer expects NAME=PATH, got "v3"'],
    ['--peer', 'discard=false', '--peer: discard is the name of another server that is measured'],
    ['--json', '/nowhere/figures.json', "no such file or directory, open '/nowhere/figures.json'"],
  ])('refuses %s %s in one line with the options', async (option, value, message) => {
    await expect(run(process.execPath, [script, option, value])).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) as string })
  })

  it('fails a check of loads of which no ratio is recorded: it would show nothing', async () => {
    await expect(run(process.execPath, [script, ...brief, '--alone', '--load', 'start', '--check'])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing was compared: of these loads no ratio to a yardstick is recorded') as string,
    })
  }, timeout)

  it('says at once of a peer that does not start what it said at last', async () => {
    await expect(run(process.execPath, [script, ...brief, '--load', 'blob-head-16', '--peer', 'broken=ls'])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/The measurement ended early: ls ended with 2; it said at last:\nls: cannot access 'serve': No such file/) as string,
    })
  }, timeout)
})

describe('the chart in the docs', () => {
  it('is drawn from the figures beside it, and these are of all loads', async () => {
    const docs = new URL('../../docs/', import.meta.url)
    const { chartOf } = (await import(new URL('../registries/report/chart.mjs', import.meta.url).href)) as { readonly chartOf: (summary: Report['loads'], kinds: Report['kinds']) => string }
    const { loads, kinds } = JSON.parse(await readFile(new URL('performance.json', docs), 'utf8')) as Report
    expect(await readFile(new URL('performance.svg', docs), 'utf8')).toBe(chartOf(loads, kinds))
    const { stdout } = await run(process.execPath, [script, '--help'])
    expect(loads.map(({ name }) => name).sort()).toEqual(/^Loads: (.*)$/m.exec(stdout)?.[1]?.split(', ').sort())
  })
})

import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runRegistryCommand, startRegistryProcess } from './support/registry-process.js'
import { temporaryFolder } from './support/temporary-folder.js'

describe('registry serve', () => {
  it('prints where it listens, where the data is, and a push command, and ends cleanly on SIGTERM', async () => {
    const storage = join(temporaryFolder(), 'data')
    const registry = await startRegistryProcess(storage)
    expect(registry.output).toEqual([
      expect.stringMatching(/^Listening on {2}http:\/\/127\.0\.0\.1:\d+$/) as string,
      `Data in       ${storage}`,
      `Push with     docker tag alpine ${registry.address}/alpine && docker push ${registry.address}/alpine`,
    ])
    expect((await fetch(`http://${registry.address}/readyz`)).status).toBe(200)
    expect(await registry.stop()).toBe(0)
    await expect(fetch(`http://${registry.address}/v2/`)).rejects.toThrow('fetch failed')
  })

  it('starts again on the same data', async () => {
    const storage = join(temporaryFolder(), 'data')
    const first = await startRegistryProcess(storage)
    const started = await fetch(`http://${first.address}/v2/a/blobs/uploads/`, { method: 'POST' })
    await first.stop()
    const second = await startRegistryProcess(storage)
    expect((await fetch(`http://${second.address}${started.headers.get('location')!}`)).status).toBe(204)
  })

  it('teaches in its help, and tells its version', async () => {
    const help = await runRegistryCommand(['serve', '--help'])
    expect(help.code).toBe(0)
    for (const part of ['--port', '--host', '--storage-path', '--log-level', 'Examples:', 'docker push', '127.0.0.1', './data']) expect(help.stdout).toContain(part)
    const version = await runRegistryCommand(['--version'])
    expect([version.code, version.stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)])
  })

  it.each([
    [['serve', '--prot', '5001'], /^registry: unknown option '--prot'.*--port/],
    [['serve', '--port', '70000'], /^registry: --port: found "70000", allowed: a whole number from 0 to 65535/],
    [['serve', '--log-level', 'loud'], /^registry: .*debug, info, warn, error, critical/],
    [['serve', '--storage-path', ''], /^registry: .*--storage-path.*It is empty/],
    [['serve', '--host', ''], /^registry: .*--host.*It is empty/],
    [['server'], /^registry: unknown command 'server'.*serve/],
    [['serve', 'here'], /^registry: too many arguments/],
  ])('answers %j with one clear line and exit code 1', async (args, line) => {
    const { code, stdout, stderr } = await runRegistryCommand(args)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(line)
    expect(stderr.trimEnd()).not.toContain('\n')
  })

  it('says in one line that the port is in use', async () => {
    const occupant = createServer().listen(0, '127.0.0.1')
    await once(occupant, 'listening')
    onTestFinished(() => void occupant.close())
    const { port } = occupant.address() as AddressInfo
    const { code, stderr } = await runRegistryCommand(['serve', '--port', String(port), '--storage-path', join(temporaryFolder(), 'data')])
    expect([code, stderr]).toEqual([1, `registry: port ${port} of 127.0.0.1 is in use; choose another with --port\n`])
  })

  it('says in one line, with the path, that the data cannot be there', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, 'not a folder')
    const { code, stdout, stderr } = await runRegistryCommand(['serve', '--port', '0', '--storage-path', join(file, 'data')])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^registry: .*file\/data.*\n$/)
    expect(stderr.trimEnd()).not.toContain('\n')
  })

  it('warns once that there is no authentication when others can reach it', async () => {
    const storage = join(temporaryFolder(), 'data')
    const refused = await runRegistryCommand(['serve', '--host', '192.0.2.1', '--port', '0', '--storage-path', storage])
    expect([refused.code, refused.stderr]).toEqual([1, 'registry: 192.0.2.1 is no address of this machine; choose another with --host\n'])
    const registry = await startRegistryProcess(storage, ['--host', '0.0.0.0'])
    expect(registry.output[2]).toContain('docker push 127.0.0.1:')
    await registry.stop()
    expect(registry.errors.filter((text) => text.startsWith('registry: warning: there is no authentication yet'))).toHaveLength(1)
  })
})

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runRegistryCommand, startRegistryProcess } from '../support/registry-process.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const config = `
common: &common
  issue: Images of a team
  debug: true
  loglevel: warn
  public_url: https://images.example.com/registry
  allowed_origins: [https://ui.example.com]
  warning: moving soon
  limits:
    page_entries: 1
    manifest_bytes: 1024
    push_tags: 1
    header_bytes: 8192
team:
  <<: *common
  storage_path: _env:TEAM_DATA
closed:
  <<: *common
  storage_path: _env:TEAM_DATA
  read_only: yes
  search_backend:
`

describe('a configuration', () => {
  it('acts where its values are for', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'config.yml'), config)
    const environment = { DOCKER_REGISTRY_CONFIG: 'config.yml', SETTINGS_FLAVOR: 'team', TEAM_DATA: 'images' }
    const registry = await startRegistryProcess(undefined, [], { cwd: folder, environment })
    const send = (method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Response> =>
      fetch(`http://${registry.address}${path}`, { method, headers, ...(body !== undefined && { body }) })
    expect(registry.output[1]).toBe(`Data in       ${join(folder, 'images')}`)
    expect(await (await send('GET', '/')).text()).toBe('Images of a team')
    expect((await send('GET', '/_ping')).headers.get('x-docker-registry-config')).toBe('team')
    const start = await send('POST', '/v2/a/blobs/uploads/', { origin: 'https://ui.example.com' })
    expect(start.headers.get('location')).toMatch(/^https:\/\/images\.example\.com\/registry\/v2\/a\/blobs\/uploads\//)
    expect(start.headers.get('access-control-allow-origin')).toBe('https://ui.example.com')
    expect(start.headers.get('warning')).toContain('moving soon')
    const index = JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] })
    const type = { 'content-type': 'application/vnd.oci.image.index.v1+json' }
    for (const tag of ['one', 'two']) expect((await send('PUT', `/v2/a/manifests/${tag}`, type, index)).status).toBe(201)
    expect((await send('PUT', '/v2/a/manifests/big', type, index.padEnd(1025))).status).toBe(413)
    expect((await send('GET', '/v2/a/tags/list', { 'x-long': 'x'.repeat(9000) })).status).toBe(431)
    expect(await (await send('GET', '/v2/a/tags/list')).json()).toEqual({ name: 'a', tags: ['one'] })
    expect(await (await send('GET', '/v1/search?q=a')).json()).toMatchObject({ num_results: 1, results: [{ name: 'a' }] })
    expect(registry.requests).toEqual([])
    expect(await registry.stop()).toBe(0)

    const closed = await startRegistryProcess(undefined, ['--flavor', 'closed'], { cwd: folder, environment })
    expect((await fetch(`http://${closed.address}/v2/a/blobs/uploads/`, { method: 'POST' })).status).toBe(405)
    expect((await fetch(`http://${closed.address}/v2/a/manifests/two`, { headers: { accept: type['content-type'] } })).status).toBe(200)
    expect(await (await fetch(`http://${closed.address}/v1/search?q=a`)).json()).toMatchObject({ num_results: 0, results: [], switched_off: 'search is switched off' })
    const listed = await runRegistryCommand(['ls', 'a'], { cwd: folder, environment })
    expect(listed.stdout.split('\n').map((line) => line.split(/\s+/)[0])).toEqual(['a:one', 'a:two', ''])
  })

  it('is not needed: variables are enough, as for the image of the classic registry', async () => {
    const folder = temporaryFolder()
    const environment = { SETTINGS_FLAVOR: 'local', STORAGE_PATH: join(folder, 'images'), REGISTRY_HOST: '127.0.0.2', LOGLEVEL: 'error', GUNICORN_WORKERS: '1' }
    const registry = await startRegistryProcess(undefined, [], { cwd: folder, environment })
    expect(registry.output).toEqual([expect.stringMatching(/http:\/\/127\.0\.0\.2:\d+$/), `Data in       ${join(folder, 'images')}`, expect.any(String)])
    expect((await fetch(`http://${registry.address}/_ping`)).headers.get('x-docker-registry-config')).toBeNull()
  })

  it('is used by every command', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'config.yml'), 'dev:\n  storage_path: ./images\n  sqlite: {file: ./index/here.sqlite}\n')
    const at = { cwd: folder, environment: { DOCKER_REGISTRY_CONFIG: 'config.yml' } }
    const registry = await startRegistryProcess(undefined, [], at)
    const index = JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] })
    const headers = { 'content-type': 'application/vnd.oci.image.index.v1+json' }
    expect((await fetch(`http://${registry.address}/v2/a/manifests/v1`, { method: 'PUT', body: index, headers })).status).toBe(201)
    await registry.stop()
    expect((await runRegistryCommand(['ls'], at)).stdout).toBe('a\n')
    expect(await runRegistryCommand(['backup', 'all.tar'], at)).toMatchObject({ code: 0 })
    expect((await runRegistryCommand(['rebuild', '--no-wait'], at)).stdout).toContain('Rebuilt: 1 repositories, 1 manifests, 1 tags')
    expect(await runRegistryCommand(['rm', 'a:v1'], at)).toMatchObject({ code: 0, stdout: 'deleted a:v1\n' })
    const nothing = await runRegistryCommand(['ls', '--flavor', 'dve'], at)
    expect([nothing.code, nothing.stderr]).toEqual([1, 'registry: config.yml: there is no flavor dve (did you mean dev?); SETTINGS_FLAVOR names one of dev\n'])
  })

  it('that names the index of another storage is refused, with what to do, and changes nothing', async () => {
    const folder = temporaryFolder()
    for (const name of ['one', 'two']) expect(await (await startRegistryProcess(join(folder, name))).stop()).toBe(0)
    const before = readFileSync(join(folder, 'one', 'registry.json'), 'utf8')
    const environment = { REGISTRY_SQLITE_FILE: join(folder, 'two', '@index.sqlite') }
    const { code, stderr } = await runRegistryCommand(['serve', '--port', '0', '--storage-path', join(folder, 'one')], { environment })
    const lines = stderr.trimEnd().split('\n').filter((line) => !line.startsWith('registry: warning'))
    expect([code, lines]).toEqual([1, [expect.stringMatching(/^registry: the storage belongs to another index .*name the index that it was used with in the configuration, .*`registry rebuild`$/)]])
    expect(readFileSync(join(folder, 'one', 'registry.json'), 'utf8')).toBe(before)
  })
})

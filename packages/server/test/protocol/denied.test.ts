import { once } from 'node:events'
import { RegistryError } from '@registry/core'
import type { Registry } from '@registry/engine'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, errorCodes, imageManifest, imageType, pushBlob, pushedImage, randomBlob, startTestServer, type TestBlob, type TestServer } from '../support/test-server.js'
import { pushManifest } from './support/manifests.js'
import { openRequest } from './support/requests.js'

const refused = (message: string): unknown => ({ errors: [{ code: 'DENIED', message }] })

/** Refuses images whose config has no such label. */
function requireLabel(registry: Registry, label: string): () => void {
  return registry.before('manifest.push', async (push) => {
    const config = (await push.config()) as { readonly config?: { readonly Labels?: Readonly<Record<string, string>> } } | undefined
    if (config && config.config?.Labels?.[label] === undefined) throw new Error(`${push.repository}: an image needs the label ${label} – “who made it”`)
  })
}

onEachPair('a push that a check refuses', (start) => {
  it('is 403 DENIED with the message of the check, and leaves nothing', async () => {
    const server = await start()
    const manifest = await pushedImage(server, 'a')
    const allow = server.registry.before('manifest.push', () => Promise.reject(new Error('on Fridays nothing is pushed')))
    const before = await server.objects()
    for (const reference of ['v1', manifest.digest, `${manifest.digest}?tag=v1&tag=v2`]) {
      const answer = await pushManifest(server, reference, manifest)
      expect([answer.status, answer.headers.get('content-type'), await answer.json()]).toEqual([403, 'application/json', refused('on Fridays nothing is pushed')])
    }
    for (const reference of ['v1', 'v2', manifest.digest]) expect((await server.send('HEAD', `/v2/a/manifests/${reference}`)).status).toBe(404)
    expect((await server.send('GET', '/v2/a/tags/list')).status).toBe(404)
    expect(await (await server.send('GET', '/v2/_catalog')).json()).toEqual({ repositories: [] })
    expect(await server.objects()).toEqual(before)
    allow()
    expect((await pushManifest(server, 'v1', manifest)).status).toBe(201)
  })

  it('leaves a tag where it was', async () => {
    const server = await start()
    const [first, second] = [await pushedImage(server, 'a'), await pushedImage(server, 'a')]
    expect((await pushManifest(server, 'v1', first)).status).toBe(201)
    server.registry.before('tag.push', ({ tag }) => {
      if (tag === 'v1') throw new RegistryError('DENIED', 'v1 stays as it is')
    })
    for (const reference of ['v1', `${second.digest}?tag=v2&tag=v1`]) {
      const answer = await pushManifest(server, reference, second)
      expect([answer.status, await answer.json()]).toEqual([403, refused('v1 stays as it is')])
    }
    expect((await server.send('HEAD', '/v2/a/manifests/v1')).headers.get('docker-content-digest')).toBe(first.digest)
    expect((await server.send('HEAD', '/v2/a/manifests/v2')).status).toBe(404)
    expect((await server.send('HEAD', `/v2/a/manifests/${second.digest}`)).status).toBe(404)
    expect((await pushManifest(server, second.digest, second)).status).toBe(201)
  })

  it('may be refused for what its config says, in any characters', async () => {
    const server = await start()
    requireLabel(server.registry, 'source')
    const [bare, labelled] = [{}, { config: { Labels: { source: 'here' } } }].map((config) => blobOf(JSON.stringify(config)))
    const layer = randomBlob()
    for (const blob of [bare!, labelled!, layer]) await pushBlob(server, 'a', blob)
    const answer = await pushManifest(server, 'v1', imageManifest(bare!, [layer]))
    expect([answer.status, await answer.json()]).toEqual([403, refused('a: an image needs the label source – “who made it”')])
    expect((await pushManifest(server, 'v1', imageManifest(labelled!, [layer]))).status).toBe(201)
  })

  it('is told that a blob is missing, where that is what is wrong with it', async () => {
    const server = await start()
    requireLabel(server.registry, 'source')
    const answer = await pushManifest(server, 'v1', imageManifest(randomBlob(), []))
    expect([answer.status, await errorCodes(answer)]).toEqual([400, ['MANIFEST_BLOB_UNKNOWN']])
  })

  it('is 503 where the check takes too long, and may be tried again', async () => {
    const server = await start({ policy: { checkMilliseconds: 50 } })
    const manifest = await pushedImage(server, 'a')
    server.registry.before('manifest.push', () => new Promise(() => {}))
    const answer = await pushManifest(server, 'v1', manifest)
    expect([answer.status, answer.headers.get('retry-after'), await errorCodes(answer)]).toEqual([503, '5', ['UNAVAILABLE']])
    expect((await server.send('HEAD', '/v2/a/manifests/v1')).status).toBe(404)
  })
})

/** A server with a check that never ends, and a push that waits for it. */
async function hangingPush(): Promise<HangingPush> {
  const written: string[] = []
  const logger = pino({ level: 'info' }, { write: (text: string) => void written.push(text) })
  const server = await startTestServer({ logger, policy: { checkMilliseconds: 60_000 } })
  const manifest = await pushedImage(server, 'a')
  let allow = (): void => {}
  const asked = new Promise<AbortSignal>((resolve) => {
    allow = server.registry.before('manifest.push', (_push, { signal }) => {
      resolve(signal)
      return new Promise(() => {})
    })
  })
  const request = openRequest(server, 'PUT', '/v2/a/manifests/v1', { 'content-type': imageType, 'content-length': manifest.bytes.length })
  request.end(manifest.bytes)
  return { server, manifest, written, allow, signal: await asked, leave: () => void request.destroy() }
}

interface HangingPush {
  readonly server: TestServer
  readonly manifest: TestBlob
  /** Lines of the log. */
  readonly written: readonly string[]
  readonly allow: () => void
  readonly signal: AbortSignal
  readonly leave: () => void
}

describe('a push whose client leaves while a check thinks', () => {
  it('tells the check, leaves nothing, and is no failure of the registry', async () => {
    const { server, manifest, written, allow, signal, leave } = await hangingPush()
    const before = await server.objects()
    const left = once(signal, 'abort')
    expect(signal.aborted).toBe(false)
    leave()
    await left
    expect(signal.reason).toMatchObject({ code: 'UNAVAILABLE', message: 'the client left' })
    await expect.poll(() => written.filter((line) => line.includes('the client left before its answer')).length, { timeout: 10_000 }).toBe(1)
    expect(written.filter((line) => (JSON.parse(line) as { readonly level: number }).level > 30)).toEqual([])
    expect((await server.send('HEAD', '/v2/a/manifests/v1')).status).toBe(404)
    expect(await server.objects()).toEqual(before)
    allow()
    expect((await pushManifest(server, 'v1', manifest)).status).toBe(201)
  })

  it('holds the end of the server up no longer than its grace', async () => {
    const { server, signal } = await hangingPush()
    await server.server.close({ graceMilliseconds: 100 })
    expect(signal.reason).toMatchObject({ message: 'the client left' })
  }, 20_000)
})

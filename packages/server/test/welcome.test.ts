import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { startTestServer } from './support/test-server.js'

describe('beside the API', () => {
  it('/ answers a text for people, and the one that was given', async () => {
    const [plain, named] = [await startTestServer(), await startTestServer({ issue: 'The registry of Müller & Co.' })]
    const answer = await named.send('GET', '/')
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, 'text/plain; charset=utf-8', 'The registry of Müller & Co.'])
    expect(await (await plain.send('GET', '/')).text()).toContain('container registry')
    expect(await (await named.send('HEAD', '/')).text()).toBe('')
  })

  it('/_ping answers as the classic registry did, with the version', async () => {
    const server = await startTestServer()
    for (const path of ['/_ping', '/v1/_ping']) {
      const { status, headers, ...answer } = await reply(server, path)
      expect([status, answer.body]).toEqual([200, {}])
      expect(headers.get('x-docker-registry-version')).toMatch(/^\d+\.\d+\.\d+/)
      expect(headers.get('x-docker-registry-standalone')).toBe('True')
      expect(headers.get('x-docker-registry-config')).toBeNull()
    }
  })

  it('/_ping tells flavor, host and versions where it is asked to, and nothing else', async () => {
    const { headers, body } = await reply(await startTestServer({ flavor: 'prod' }), '/_ping')
    expect(headers.get('x-docker-registry-config')).toBe('prod')
    expect(body).toEqual({ host: hostname(), versions: { registry: expect.any(String) as string, node: process.versions.node } })
  })
})

async function reply({ send }: Awaited<ReturnType<typeof startTestServer>>, path: string): Promise<{ readonly status: number; readonly headers: Headers; readonly body: unknown }> {
  const answer = await send('GET', path)
  return { status: answer.status, headers: answer.headers, body: await answer.json() }
}

import { execFile } from 'node:child_process'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyIndex, indexType } from './sockets/support/manifests.js'
import { runRegistryCommand, startRegistryProcess } from './support/registry-process.js'
import { describeWith } from './support/require-program.js'
import { type Served, served } from './support/served.js'
import { temporaryFolder } from './support/temporary-folder.js'

const images: Readonly<Record<string, string>> = { alpine: 'A small base image', 'team/alpine': '', busybox: `Smaller than alpine, ${'and '.repeat(40)}smaller`, other: 'Another' }

async function push({ url }: Pick<Served, 'url'>, repository: string, description: string, tag = 'v1'): Promise<void> {
  const { bytes } = emptyIndex(description === '' ? {} : { annotations: { 'org.opencontainers.image.description': description } })
  const { status } = await fetch(`${url}/v2/${repository}/manifests/${tag}`, { method: 'PUT', headers: { 'content-type': indexType }, body: bytes })
  expect(status).toBe(201)
}

/** What search says of a repository now. */
async function describedAs({ url }: Pick<Served, 'url'>, repository: string): Promise<string | undefined> {
  const response = await fetch(`${url}/v1/search?q=${encodeURIComponent(repository)}`)
  const { results } = (await response.json()) as { readonly results: readonly { readonly name: string; readonly description: string }[] }
  return results.find(({ name }) => name === repository)?.description
}

/** A registry that is served, with these images. */
async function registryWith(described: Readonly<Record<string, string>> = images): Promise<Served> {
  const registry = await served()
  for (const [name, description] of Object.entries(described)) {
    await push(registry, name, description)
    // Descriptions follow behind the answer.
    await expect.poll(() => describedAs(registry, name), { timeout: 10_000 }).toBe(description)
  }
  return registry
}

/** Something that answers HTTP. */
async function listening(listener: RequestListener): Promise<{ readonly url: string; readonly requests: readonly IncomingMessage[] }> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

/** What answers every request with this. */
const answering = (body: unknown, status = 200): RequestListener => (_request, response) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body))
}

type Way = (registry: Served) => readonly string[]

const onTheIndex: Way = ({ storage }) => ['--storage-path', storage]
const overHttp: Way = ({ url }) => ['--url', `${url}/`]

describe.each([['on the index', onTheIndex], ['over HTTP', overHttp]] as const)('registry search %s', (_name, way) => {
  it('prints a table, the best first and whole where it is not read on a terminal', async () => {
    const registry = await registryWith()
    expect(await runRegistryCommand(['search', 'ALPINE', ...way(registry)])).toEqual({
      code: 0,
      stdout: `NAME          DESCRIPTION\nalpine        A small base image\nteam/alpine\nbusybox       ${images['busybox']!}\n`,
      stderr: '',
    })
    expect((await runRegistryCommand(['search', 'small', 'base', ...way(registry)])).stdout).toBe('NAME     DESCRIPTION\nalpine   A small base image\n')
  })

  it('prints one JSON document, and how many more there are', async () => {
    const registry = await registryWith()
    const { code, stdout, stderr } = await runRegistryCommand(['search', 'alpine', '--json', '--limit', '2', ...way(registry)])
    expect([code, stderr, JSON.parse(stdout)]).toEqual([0, '', {
      query: 'alpine',
      num_results: 3,
      more: false,
      results: [{ name: 'alpine', description: 'A small base image' }, { name: 'team/alpine', description: '' }],
    }])
    const table = await runRegistryCommand(['search', 'alpine', '-n', '2', ...way(registry)])
    expect([table.stdout.split('\n').length, table.stderr]).toEqual([4, 'registry: 1 more matches; --limit shows more\n'])
  })

  it('finds all without a term, and says so where nothing is found', async () => {
    const registry = await registryWith()
    const { stdout } = await runRegistryCommand(['search', ...way(registry)])
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(['NAME', 'alpine', 'busybox', 'other', 'team/alpine', ''])
    expect(await runRegistryCommand(['search', 'never\u001b[31m', ...way(registry)])).toEqual({ code: 0, stdout: '', stderr: 'registry: nothing matches never[31m\n' })
    expect(await runRegistryCommand(['search', ...way(await registryWith({}))])).toEqual({ code: 0, stdout: '', stderr: 'registry: there are no repositories\n' })
  })
})

describe('registry search', () => {
  it('says in one line that search is switched off', async () => {
    const environment = { SEARCH_BACKEND: '' }
    const storage = temporaryFolder()
    const { address } = await startRegistryProcess(storage, [], { environment })
    const off = { code: 1, stdout: '' }
    expect(await runRegistryCommand(['search', 'a', '--storage-path', storage], { environment })).toEqual({ ...off, stderr: 'registry: search is switched off\n' })
    expect(await runRegistryCommand(['search', 'a', '--url', `http://${address}`])).toEqual({ ...off, stderr: `registry: http://${address} answers: search is switched off\n` })
  })

  it('asks for as many pages as it takes, of whatever size they are', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `n${n}`)
    const { url, requests } = await listening((request, response) => {
      const page = Number(new URL(request.url!, 'http://x').searchParams.get('page'))
      answering({ query: 'n', num_results: 12, num_pages: 3, page, page_size: 5, results: names.slice((page - 1) * 5, page * 5).map((name) => ({ name })) })(request, response)
    })
    const names11 = JSON.parse((await runRegistryCommand(['search', 'a&b', '--json', '--limit', '11', '--url', `${url}/below/`])).stdout) as { readonly results: readonly { readonly name: string }[] }
    expect(names11.results.map(({ name }) => name)).toEqual(names.slice(0, 11))
    expect(requests.map(({ url }) => url)).toEqual([1, 2, 3].map((page) => `/below/v1/search?q=a%26b&n=11&page=${page}`))
    const all = await runRegistryCommand(['search', 'n', '--limit', '5000', '--url', url])
    expect([all.stdout.split('\n').length, all.stderr, requests.at(-1)?.url]).toEqual([14, '', '/v1/search?q=n&n=1000&page=3'])
  })

  it('goes on where there may be more than are known, and says where there still may be', async () => {
    const { url, requests } = await listening((request, response) => {
      const page = Number(new URL(request.url!, 'http://x').searchParams.get('page'))
      answering({ num_results: 2 * page, num_pages: page, more: page < 3, results: [{ name: `a${page}` }, { name: `b${page}` }] })(request, response)
    })
    const first = await runRegistryCommand(['search', '--limit', '2', '--url', url])
    expect([first.stdout, first.stderr]).toEqual(['NAME   DESCRIPTION\na1\nb1\n', 'registry: there may be more matches; --limit shows more\n'])
    const third = await runRegistryCommand(['search', '--limit', '3', '--url', url])
    expect([third.stdout, third.stderr]).toEqual(['NAME   DESCRIPTION\na1\nb1\na2\n', 'registry: 1 more matches, and there may be others; --limit shows more\n'])
    const all = await runRegistryCommand(['search', '--url', url])
    expect([all.stdout.split('\n').length, all.stderr, requests.length]).toEqual([8, '', 6])
  })

  it('follows nobody without end, and takes no more than it was asked for', async () => {
    const { url, requests } = await listening(answering({ num_results: 1, num_pages: 9, more: true, results: [{ name: 'a' }, { name: 'b' }] }))
    const same = await runRegistryCommand(['search', '--url', url])
    expect([same.stdout, same.stderr, requests.length]).toEqual(['NAME   DESCRIPTION\na\nb\n', 'registry: there may be more matches; --limit shows more\n', 2])
    const many = await listening(answering(`{"num_results":300000,"results":[${Array.from({ length: 300_000 }, (_, n) => `{"name":"n${n}"}`).join()}]}`))
    const first = await runRegistryCommand(['search', '--limit', '2', '--url', many.url])
    expect(first).toEqual({ code: 0, stdout: 'NAME   DESCRIPTION\nn0\nn1\n', stderr: 'registry: 299998 more match; --limit shows more\n' })
  })

  it.each([[-5], [1.5], ['7'], [null], [1e300]])('knows of no more than it has seen where it is told %j', async (found) => {
    const { url } = await listening(answering({ num_results: found, num_pages: 1, results: [{ name: 'a' }] }))
    expect(await runRegistryCommand(['search', '--url', url])).toEqual({ code: 0, stdout: 'NAME   DESCRIPTION\na\n', stderr: '' })
  })

  it('lets a registry say a thousand characters of why it fails', async () => {
    for (const [body, status] of [[{ switched_off: '🚢'.repeat(5000) }, 200], [{ errors: [{ message: '🚢'.repeat(5000) }] }, 500]] as const) {
      const { url } = await listening(answering(body, status))
      expect((await runRegistryCommand(['search', '--url', url])).stderr).toBe(`registry: ${url} answers: ${'🚢'.repeat(999)}…\n`)
    }
  })

  it('takes the answer of the classic registry too', async () => {
    const { url } = await listening(answering({ query: 'a', num_results: 2, results: [{ name: 'library/a', description: null }, { name: 'library/b', description: '' }] }))
    expect((await runRegistryCommand(['search', 'a', '--url', url])).stdout).toBe('NAME        DESCRIPTION\nlibrary/a\nlibrary/b\n')
  })

  it('lets no registry write to the terminal but names and descriptions', async () => {
    const { url } = await listening(answering({ num_results: 1, num_pages: 1, results: [{ name: 'a\u001b[2J', description: 'x\u009b1m\ny\u202e\u0007' }] }))
    expect(await runRegistryCommand(['search', '--url', url])).toEqual({ code: 0, stdout: 'NAME   DESCRIPTION\na[2J   x1m y\n', stderr: '' })
    const { stdout } = await runRegistryCommand(['search', '--json', '--url', url])
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect((JSON.parse(stdout) as { readonly results: unknown }).results).toEqual([{ name: 'a\u001b[2J', description: 'x\u009b1m\ny\u202e\u0007' }])
    for (const [body, status] of [[{ switched_off: 'no\u001b[31m\nline' }, 200], [{ errors: [{ message: 'no\u001b[31m\nline' }] }, 500]] as const) {
      const failed = await listening(answering(body, status))
      expect((await runRegistryCommand(['search', '--url', failed.url])).stderr).toBe(`registry: ${failed.url} answers: no[31m line\n`)
    }
  })

  it.each<[what: string, body: unknown, status: number, line: RegExp]>([
    ['no such page', 'not found', 404, /^registry: http:\S+ does not search, it answers 404; is a registry there\?\n$/],
    ['a registry without search', { errors: [{ code: 'NOT_FOUND', message: 'page not found' }] }, 404, /^registry: http:\S+ does not search, it answers 404; is a registry there\?\n$/],
    ['a registry that makes its index anew', { errors: [{ code: 'UNAVAILABLE', message: 'try again in a while' }] }, 503, /^registry: http:\S+ answers: try again in a while\n$/],
    ['a page for people', '<html>', 200, /^registry: http:\S+ does not answer as a registry does; is one there\?\n$/],
    ['null', 'null', 200, /does not answer as a registry does/],
    ['other JSON', { results: 'many' }, 200, /does not answer as a registry does/],
    ['results without names', { results: [{ description: 'x' }] }, 200, /does not answer as a registry does/],
    ['results with odd descriptions', { results: [{ name: 'a', description: 1 }] }, 200, /does not answer as a registry does/],
    ['more than anybody reads', ' '.repeat(33 * 2 ** 20), 200, /^registry: http:\S+ answers with more than 32 MiB; is a registry there\?\n$/],
  ])('says in one line that it found %s', async (_what, body, status, line) => {
    const { url } = await listening(answering(body, status))
    const { code, stdout, stderr } = await runRegistryCommand(['search', 'a', '--url', url])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(line)
  })

  it.each([
    ['localhost:5000', /^registry: --url is one of http or https without a query, .*got "localhost:5000"\n$/],
    ['ftp://example.com', /^registry: --url is one of http or https/],
    ['http://me:hidden@example.com', /^registry: --url is one of http or https/],
    ['', /^registry: option '--url <url>' argument '' is invalid\. It is empty\.\n$/],
    ['http://nowhere.invalid', /^registry: http:\/\/nowhere\.invalid cannot be reached: .+\n$/],
  ])('says in one line what is wrong with the address %j', async (url, line) => {
    const { code, stdout, stderr } = await runRegistryCommand(['search', 'a', '--url', url])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(line)
    expect(stderr).not.toContain('hidden')
  })

  it('says in one line that nothing listens, and that TLS is not spoken there', async () => {
    const { url } = await listening(answering({}))
    const secure = await runRegistryCommand(['search', 'a', '--url', url.replace('http:', 'https:')])
    expect([secure.code, secure.stderr]).toEqual([1, expect.stringMatching(/^registry: https:\S+ cannot be reached: .+; a registry without TLS is one of http:\/\/\n$/)])
    const registry = await startRegistryProcess(temporaryFolder())
    await registry.stop()
    const { code, stderr } = await runRegistryCommand(['search', 'a', '--url', `http://${registry.address}`])
    expect([code, stderr]).toEqual([1, `registry: http://${registry.address} cannot be reached: nothing listens there; is the registry running?\n`])
  })

  it('refuses a limit that is none, and two registries at once', async () => {
    for (const limit of ['0', '-1', 'x', '1.5', '100001', '9'.repeat(400)]) {
      const { code, stderr } = await runRegistryCommand(['search', 'a', `--limit=${limit}`])
      expect([code, stderr], limit).toEqual([1, expect.stringMatching(/^registry: option '-n, --limit <number>' argument .* is invalid\. It is a whole number from 1 to 100000\./)])
    }
    const { code, stderr } = await runRegistryCommand(['search', 'a', '--url', 'http://127.0.0.1:5000', '--storage-path', 'x'])
    expect([code, stderr]).toEqual([1, "registry: option '--url <url>' cannot be used with option '--storage-path <folder>'\n"])
  })

  it('teaches in its help', async () => {
    const { code, stdout } = await runRegistryCommand(['search', '--help'])
    expect(code).toBe(0)
    for (const part of ['Examples:', '$ registry search alpine', '--url', '--json', '--limit', 'at most 100000', '--storage-path', 'also when nothing is found']) expect(stdout).toContain(part)
  })
})

describeWith(['script'], 'registry search on a terminal', () => {
  it('cuts descriptions to its width', async () => {
    const { storage } = await registryWith()
    const main = new URL('../dist/cli/main.js', import.meta.url).pathname
    const command = `stty cols 50; '${process.execPath}' '${main}' search alpine --storage-path '${storage}'`
    const { stdout } = await promisify(execFile)('script', ['--quiet', '--return', '--command', command, '/dev/null'])
    const lines = stdout.trimEnd().split('\r\n')
    expect(lines).toEqual(['NAME          DESCRIPTION', 'alpine        A small base image', 'team/alpine', 'busybox       Smaller than alpine, and and and an…'])
  })
})

describe('registry describe', () => {
  it('prints, sets and clears a description, which the server sees at once', async () => {
    const registry = await registryWith({ a: 'From its image', b: '' })
    const describeIt = async (...args: readonly string[]): ReturnType<typeof runRegistryCommand> => runRegistryCommand(['describe', ...args, '--storage-path', registry.storage])
    expect(await describeIt('a')).toEqual({ code: 0, stdout: 'From its image\n', stderr: '' })
    expect(await describeIt('a', 'Words of', 'an operator')).toEqual({ code: 0, stdout: 'described a\n', stderr: '' })
    expect([await describedAs(registry, 'a'), (await describeIt('a')).stdout]).toEqual(['Words of an operator', 'Words of an operator\n'])
    await push(registry, 'a', 'From its next image', 'v2')
    expect(await describedAs(registry, 'a')).toBe('Words of an operator')
    expect(await describeIt('a', '--clear')).toEqual({ code: 0, stdout: 'a is described by its images again\n', stderr: '' })
    await expect.poll(() => describedAs(registry, 'a'), { timeout: 10_000 }).toBe('From its next image')
    expect((await describeIt('a')).stdout).toBe('From its next image\n')
    expect(await describeIt('b')).toEqual({ code: 0, stdout: '', stderr: 'registry: nothing describes b\n' })
  })

  it('prints and sets a description while search is off', async () => {
    const { storage } = await registryWith({ a: 'From its image' })
    const environment = { REGISTRY_SEARCH: 'false' }
    const describeIt = async (...args: readonly string[]): Promise<string> => (await runRegistryCommand(['describe', ...args, '--storage-path', storage], { environment })).stdout
    expect([await describeIt('a'), await describeIt('a', 'Words'), await describeIt('a')]).toEqual(['From its image\n', 'described a\n', 'Words\n'])
  })

  it.each([
    [['never'], 'registry: there is no repository never\n'],
    [['nev', 'text'], 'registry: there is no repository nev\n'],
    [['never', '--clear'], 'registry: there is no repository never\n'],
    [['UPPER'], /^registry: .*UPPER.*\n$/],
    [['a', ''], 'registry: the description has no character that can be seen\n'],
    [['a', 'text', '--clear'], 'registry: a description is set or cleared: give a text, or --clear\n'],
    [[], "registry: missing required argument 'name'\n"],
  ])('answers %j with one line', async (args, line) => {
    const registry = await registryWith({ a: 'As it was', 'never/mind': '', 'a-never': '' })
    const { code, stdout, stderr } = await runRegistryCommand(['describe', ...args, '--storage-path', registry.storage])
    expect([code, stdout]).toEqual([1, ''])
    if (typeof line === 'string') expect(stderr).toBe(line)
    else expect(stderr).toMatch(line)
    expect((await runRegistryCommand(['describe', 'a', '--storage-path', registry.storage])).stdout).toBe('As it was\n')
  })

  it('teaches in its help', async () => {
    const { code, stdout } = await runRegistryCommand(['describe', '--help'])
    expect(code).toBe(0)
    for (const part of ['Examples:', '--clear', '--storage-path', '1,000 bytes']) expect(stdout).toContain(part)
  })
})

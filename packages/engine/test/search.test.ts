import type { EntryPage, Index, ScanOptions } from '@registry/core'
import { expect, it } from 'vitest'
import type { FoundRepositories, Repositories } from '../src/index.js'
import { repositoriesMatching } from '../src/search/matching.js'
import { searchRepositories } from '../src/search/search-repositories.js'
import { putRepository } from '../src/repository-row.js'
import { commitInBatches } from '../src/row-store.js'
import { type Bench, errorOf, onEachPair } from './support/bench.js'
import { pushImage } from './support/images.js'

/** Puts the rows of repositories as pushes and descriptions would. */
async function describeAll({ index, now }: Bench, described: Readonly<Record<string, string | undefined>>): Promise<void> {
  const rows = Object.entries(described).map(([name, description]) =>
    putRepository({ index }, name, { version: 1, created: now, due: '0', ...(description !== undefined && { description }) }),
  )
  await commitInBatches(index, rows)
}

function namesOf({ repositories }: FoundRepositories): readonly string[] {
  return repositories.map(({ name }) => name)
}

const untidy = 'its rows were put without records'

const described = {
  nginx: 'A web server',
  'nginx-unit': 'An application server',
  'nginx/ingress': undefined,
  'team/nginx': 'Ours, for the team',
  'a/nginx-exporter': undefined,
  proxy: 'In place of nginx',
  'a/cache': 'NGINX again, ＷＥＢ server of the groß team',
  'zebra/web': 'Serves',
} as const

onEachPair('a search of repositories', (open) => {
  it('finds the exact name first, then names that begin with the term, then names, then descriptions, each by name', async () => {
    await using bench = await open({ untidy })
    await describeAll(bench, described)
    const search: Repositories['search'] = (text, options) => bench.registry.repositories.search(text, options)
    const all = ['nginx', 'nginx-unit', 'nginx/ingress', 'a/nginx-exporter', 'team/nginx', 'a/cache', 'proxy']
    expect(await search('nginx', { limit: 25 })).toEqual({
      repositories: all.map((name) => ({ name, description: described[name as keyof typeof described] })),
      found: 7,
      more: false,
    })
    const results: Record<string, readonly string[]> = {
      web: ['zebra/web', 'a/cache', 'nginx'],
      'SERVER web': ['a/cache', 'nginx'],
      'nginx team': ['team/nginx', 'a/cache'],
      'web nginx': ['a/cache', 'nginx'],
      GROSS: ['a/cache'],
      ng: all,
      n: ['nginx', 'nginx-unit', 'nginx/ingress', 'a/nginx-exporter', 'team/nginx', 'a/cache', 'proxy'],
      'nginx/': ['nginx/ingress'],
      '/': ['a/cache', 'a/nginx-exporter', 'nginx/ingress', 'team/nginx', 'zebra/web'],
      '"': [],
      'nginx%': [],
      absent: [],
    }
    for (const [text, names] of Object.entries(results)) expect(namesOf(await search(text, { limit: 25 })), text).toEqual(names)
  })

  it('without a term finds every repository by name', async () => {
    await using bench = await open({ untidy })
    await describeAll(bench, described)
    for (const text of ['', '  \n']) {
      const found = await bench.registry.repositories.search(text, { limit: 5 })
      expect(namesOf(found)).toEqual(['a/cache', 'a/nginx-exporter', 'nginx', 'nginx-unit', 'nginx/ingress'])
      expect(found).toMatchObject({ found: 8, more: false })
    }
  })

  it('has the same order on pages of every size', async () => {
    await using bench = await open({ untidy })
    await describeAll(bench, described)
    const whole = namesOf(await bench.registry.repositories.search('nginx', { limit: 25 }))
    for (let limit = 1; limit <= 8; limit++) {
      const pages: FoundRepositories[] = []
      for (let skip = 0; skip <= 8; skip += limit) pages.push(await bench.registry.repositories.search('nginx', { limit, skip }))
      expect(pages.flatMap(namesOf)).toEqual(whole)
      expect(new Set(pages.map(({ found, more }) => `${found} ${more}`))).toEqual(new Set(['7 false']))
    }
    expect(await bench.registry.repositories.search('nginx', { limit: 0 })).toEqual({ repositories: [], found: 7, more: false })
  })

  it('ranks a thousand matches, and says that there may be more', async () => {
    await using bench = await open({ untidy })
    const number = (n: number): string => String(n).padStart(4, '0')
    const many = Object.fromEntries(Array.from({ length: 1040 }, (_, n) => [`a${number(n)}`, 'common']))
    await describeAll(bench, { ...many, common: 'first', 'z/common': 'a match behind the window' })
    const search: Repositories['search'] = (text, options) => bench.registry.repositories.search(text, options)
    const found = await search('common', { limit: 3 })
    expect(namesOf(found)).toEqual(['common', 'a0000', 'a0001'])
    expect(found).toMatchObject({ found: 1001, more: true })
    expect(namesOf(await search('common', { limit: 3, skip: 999 }))).toEqual(['a0998', 'a0999'])
    // Names that begin with the term are in order anyway, as far as one goes.
    expect(await search('a', { limit: 2 })).toMatchObject({ found: 1000, more: true })
    expect(await search('a', { limit: 30, skip: 1000 })).toMatchObject({ found: 1030, more: true })
    const last = await search('a', { limit: 30, skip: 1030 })
    expect(namesOf(last)).toEqual([...Array.from({ length: 10 }, (_, n) => `a${number(1030 + n)}`), 'z/common'])
    expect(last).toMatchObject({ found: 1041, more: false })
    expect(namesOf(await search('', { limit: 2, skip: 1040 }))).toEqual(['common', 'z/common'])
  })

  it('reads on behind short pages, past the names that begin with the term', async () => {
    await using bench = await open({ untidy })
    await describeAll(bench, described)
    const searches: (string | undefined)[] = []
    const index: Index = {
      ...bench.index,
      search: (query, options) => {
        searches.push(options?.after)
        return bench.index.search(query, { ...options, limit: 1 })
      },
    }
    const found = await repositoriesMatching({ index }, 'nginx', { without: 'nginx', count: 10, signal: undefined })
    expect(found.map(({ name }) => name)).toEqual(['a/cache', 'a/nginx-exporter', 'proxy', 'team/nginx'])
    expect(searches).not.toContain('nginx')
  })

  it('finds what is pushed and no more what was deleted', async () => {
    await using bench = await open()
    for (const name of ['shop/api', 'shop/web']) await pushImage(bench.registry, name, 'v1', ['{}'])
    expect(namesOf(await bench.registry.repositories.search('shop', { limit: 25 }))).toEqual(['shop/api', 'shop/web'])
    expect(namesOf(await bench.registry.repositories.search('api', { limit: 25 }))).toEqual(['shop/api'])
    await bench.registry.repositories.delete('shop/api')
    expect(namesOf(await bench.registry.repositories.search('shop', { limit: 25 }))).toEqual(['shop/web'])
    expect(namesOf(await bench.registry.repositories.search('', { limit: 25 }))).toEqual(['shop/web'])
  })

  it('leads to the first hundred thousand names, however far a page is', async () => {
    await using bench = await open({ untidy })
    let count = 0
    const scan = async (_: string, { limit }: ScanOptions = {}): Promise<EntryPage> => {
      const entries = Array.from({ length: limit! }, () => ({ key: { partition: '', sort: `a${String(count++).padStart(9, '0')}` }, value: {}, revision: '' }))
      return { entries, more: true }
    }
    const { limits } = bench.index.capabilities
    const index: Index = { ...bench.index, capabilities: { search: true, limits: { ...limits, spread: 1 } }, scan }
    const { policy } = bench.registry
    expect(await searchRepositories({ index, policy }, '', { limit: 25, skip: 2 ** 40 })).toEqual({ repositories: [], found: 100_000, more: true })
    expect(count).toBe(100_001)
  })

  it('is refused where the policy has it off', async () => {
    await using bench = await open({ policy: { search: false } })
    expect(await errorOf(bench.registry.repositories.search('a', { limit: 1 }))).toMatchObject({ code: 'DISABLED' })
  })
})

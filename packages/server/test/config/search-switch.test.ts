import { describe, expect, it } from 'vitest'
import { policyOf } from '../../src/cli/server-options.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { loadSample, loadText } from './support/load.js'

type Variables = Readonly<Record<string, string>>

const isOn = async (text: string, environment: Variables = {}): Promise<boolean | undefined> =>
  policyOf(await loadText(temporaryFolder(), `dev:\n  storage_path: /srv\n${text}`, { environment })).search

describe('search', () => {
  it.each<[text: string, variables: Variables]>([
    ['', {}],
    ['  search_backend: sqlalchemy\n', {}],
    ['  search_backend: _env:SEARCH_BACKEND\n', {}],
    ['  search_backend: "_env:SEARCH_BACKEND:"\n', {}],
    ['  search_backend: _env:SEARCH_BACKEND\n', { SEARCH_BACKEND: 'sqlalchemy' }],
    ['  search_backend:\n', { REGISTRY_SEARCH_BACKEND: 'sqlalchemy' }],
    ['  search_backend: sqlalchemy\n', { REGISTRY_SEARCH_BACKEND: '' }],
    ['', { SEARCH_BACKEND: '' }],
    ['  search_backend:\n  search: true\n', {}],
    ['  search_backend:\n', { REGISTRY_SEARCH: 'true' }],
  ])('is on with %j and the variables %j', async (text, variables) => {
    expect(await isOn(text, variables)).toBe(true)
  })

  it.each<[text: string, variables: Variables]>([
    ['  search_backend:\n', {}],
    ['  search_backend: ~\n', {}],
    ["  search_backend: ''\n", {}],
    ['  search_backend: _env:SEARCH_BACKEND\n', { SEARCH_BACKEND: '' }],
    ['  search_backend: _env:SEARCH_BACKEND:sqlalchemy\n', { SEARCH_BACKEND: '' }],
    ['', { REGISTRY_SEARCH_BACKEND: '' }],
    ['  search_backend: _env:SEARCH_BACKEND\n', { REGISTRY_SEARCH_BACKEND: '' }],
    ['  search: false\n', {}],
    ['  search_backend: sqlalchemy\n', { REGISTRY_SEARCH: 'no' }],
  ])('is off with %j and the variables %j', async (text, variables) => {
    expect(await isOn(text, variables)).toBe(false)
  })

  it('is switched off by an empty search_backend alone, whichever index it is', async () => {
    const { index, values, warnings } = await loadText(temporaryFolder(), 'dev:\n  storage_path: /srv\n  index: sqlite\n  search_backend:\n')
    expect([index.module.name, values.get('search'), warnings]).toEqual(['sqlite', { value: false, origin: expect.objectContaining({ path: 'dev.search_backend' }) as object }, []])
  })

  it('is on with the sample, and off where the variable of the classic registry is empty', async () => {
    const [plain, emptied] = [await loadSample(temporaryFolder(), {}), await loadSample(temporaryFolder(), { SEARCH_BACKEND: '' })]
    expect([plain.own.search, emptied.own.search]).toEqual([true, false])
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { index } from '@registry/index-dynamodb'
import { describe, expect, it } from 'vitest'
import { sampleFile } from '../../src/config/config-file.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { loadSample, loadText } from './support/load.js'

const page = readFileSync(new URL('../../../../docs/dynamodb.md', import.meta.url), 'utf8')

/** What stands between ``` of one language. */
function blocksOf(language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block = '']) => block)
}

const configurations = blocksOf('yaml').filter((block) => !block.includes('search_backend'))
const olderConfigurations = blocksOf('yaml').filter((block) => block.includes('search_backend'))

describe('docs/dynamodb.md', () => {
  it.each(configurations.map((block, n) => [n + 1, block] as const))('has a configuration that is whole, and without a warning: %i', async (_, block) => {
    const { storage, index, warnings } = await loadText(temporaryFolder(), block)
    expect([storage.module.name, storage.options['bucket'], index.module.name, warnings]).toEqual(['s3', 'my-layers', 'dynamodb', []])
  })

  it('has an older configuration that means the tables that it names', async () => {
    const { index } = await loadText(temporaryFolder(), olderConfigurations[0]!)
    expect(index.options).toMatchObject({ database: 'images', region: 'eu-central-1' })
  })

  it('has variables that do without a file', async () => {
    const [line = ''] = blocksOf('sh').filter((block) => block.includes('SETTINGS_FLAVOR='))
    const environment = Object.fromEntries([...line.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]))
    const { storage, index } = await loadSample(temporaryFolder(), environment)
    expect([storage.module.name, storage.options['bucket'], index.module.name]).toEqual(['s3', 'my-layers', 'dynamodb'])
    expect(index.options).toMatchObject({ database: 'docker-registry', region: 'eu-central-1' })
  })

  it('has a policy with every request that the index sends, and no other', () => {
    const { Statement } = JSON.parse(blocksOf('json')[0]!) as { readonly Statement: readonly { readonly Action: readonly string[] }[] }
    const allowed = new Set(Statement.flatMap(({ Action }) => Action.map((action) => action.replace('dynamodb:', ''))))
    const folder = new URL('../../../index-dynamodb/src/', import.meta.url)
    const sources = readdirSync(folder).filter((name) => !name.endsWith('.test.ts')).map((name) => readFileSync(new URL(name, folder), 'utf8'))
    const sent = sources.flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)].map(([, operation = '']) => operation))
    // What is in a transaction has its own actions.
    const asked = sent.flatMap((operation) => (operation === 'TransactWriteItems' ? ['PutItem', 'DeleteItem', 'ConditionCheckItem'] : [operation]))
    expect([...allowed].sort()).toEqual([...new Set(asked)].sort())
  })
})

describe('the table of older options in docs/dynamodb.md', () => {
  const found = page.matchAll(/^\| `extensions\.dynamodb_index\.(\w+)` \| `(\w+)` \| `(\w+)`/gm)
  const rows = [...found].map(([, option = '', variable = '', meaning = '']) => [option, variable, meaning] as const)
  const sample = readFileSync(sampleFile, 'utf8')

  it('has each option of the sample', () => {
    const section = /^ {8}dynamodb_index:\n((?: {12}.*\n)+)/m.exec(sample)![1]!
    expect(rows.map(([option, variable]) => `            ${option}: _env:${variable}\n`).join('')).toBe(section)
  })

  it.each(rows)('tells of %s an option that the index has', (_, __, meaning) => {
    expect(index.options).toHaveProperty(meaning)
  })
})

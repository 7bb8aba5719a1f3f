import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dynamodbIndex, index } from '../src/index.js'
import { optionsFor } from './dynamodb-harness.js'
import { ownTables } from './through-proxy.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const sources = new URL('../src/', import.meta.url)

/** The rows of the tables of a section, each as its cells. */
function rowsOf(section: string): readonly (readonly string[])[] {
  const [, text = ''] = readme.split(`\n## ${section}\n`)
  const rows = text.split('\n## ')[0]!.split('\n').filter((line) => line.startsWith('| '))
  return rows.map((line) => line.slice(2, -2).split(' | '))
}

/** The names in backticks. */
function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`(\w+)[^`]*`/g)].map(([, name = '']) => name)
}

describe('the table of options', () => {
  const rows = rowsOf('Options').filter(([cell = '']) => cell.startsWith('`'))

  it('has each option, once', () => {
    const names = rows.flatMap(([cell = '']) => namesIn(cell))
    expect([...names].sort()).toEqual(Object.keys(index.options).sort())
  })

  it('has the defaults of the schema', () => {
    const told = rows.flatMap(([names = '', text = '']) => namesIn(names).map((name) => [name, /^`([^`]+)`$/.exec(text)?.[1]] as const))
    const defaults = Object.entries(index.options).flatMap(([name, { type, default: value }]) => {
      if (value !== undefined) return [[name, String(value)] as const]
      return type === 'boolean' ? [[name, 'false'] as const] : []
    })
    expect(told.filter(([, value]) => value !== undefined)).toEqual(expect.arrayContaining(defaults))
    expect(told.filter(([, value]) => value !== undefined)).toHaveLength(defaults.length)
  })
})

describeWithDynamodb('the table of limits', () => {
  it('has those that the index claims', async () => {
    const opened = await dynamodbIndex(optionsFor(await ownTables()))
    onTestFinished(() => opened.close())
    const { changes, commitBytes, valueBytes, spread } = opened.capabilities.limits
    const told = Object.fromEntries(rowsOf('Capabilities and limits').map(([name = '', value = '']) => [name, value]))
    expect(told).toMatchObject({
      'changes of one commit': changes.toLocaleString('en'),
      'bytes of one commit': commitBytes.toLocaleString('en'),
      'bytes of one value with its text': valueBytes.toLocaleString('en'),
      '`spread`': String(spread),
    })
  })
})

/** What each request has to be allowed, where that is not what its name says, by the documentation of AWS. */
const actions: Readonly<Record<string, readonly string[]>> = { TransactWriteItems: ['PutItem', 'DeleteItem', 'ConditionCheckItem'] }

interface Policy {
  readonly Statement: readonly { readonly Action: readonly string[]; readonly Resource: string | readonly string[] }[]
}

describe('the policy', () => {
  const [policy] = [...readme.matchAll(/^```json\n(.*?)^```$/gms)].map(([, text = '']) => JSON.parse(text) as Policy) as [Policy]
  const tables = (resources: string | readonly string[]): readonly string[] =>
    [resources].flat().map((resource) => resource.replace(/^.*docker-registry-/, ''))

  /** The requests that some sources send. */
  function requestsOf(names: readonly string[]): readonly string[] {
    const texts = names.map((name) => readFileSync(new URL(name, sources), 'utf8'))
    const requests = texts.flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)].map(([, name = '']) => name))
    return [...new Set(requests.flatMap((request) => actions[request] ?? [request]))].map((name) => `dynamodb:${name}`).sort()
  }

  it('allows what the index can send, and nothing else', () => {
    const allowed = policy.Statement.flatMap(({ Action }) => Action)
    const names = readdirSync(sources).filter((name) => !name.endsWith('.test.ts'))
    expect([...allowed].sort()).toEqual(requestsOf(names))
    expect(rowsOf('Permissions').slice(1).map(([cell = '']) => cell.replaceAll('`', ''))).toEqual(allowed)
  })

  it('allows on the table of the version what a start sends, and the rest on that of the entries alone', () => {
    const both = policy.Statement.filter(({ Resource }) => tables(Resource).includes('version')).flatMap(({ Action }) => Action)
    expect([...both].sort()).toEqual(requestsOf(['find-table.ts', 'open-table.ts', 'protect-table.ts', 'schema-version.ts']))
    for (const { Resource } of policy.Statement) expect(tables(Resource)).toContain('repository')
  })
})

describeWithDynamodb('the snippet', () => {
  it('runs as it stands, but for where DynamoDB is', async () => {
    const tables = await ownTables()
    const [, snippet = ''] = /^```javascript\n(.*?)^```$/ms.exec(readme) ?? []
    const code = snippet.replace('http://127.0.0.1:8000', tables.endpoint).replace('accessKey', `database: '${tables.database}', accessKey`)
    // Inside the package, since modules are looked for from there; `reports` is nobody's source.
    const file = new URL('../reports/snippet.mjs', import.meta.url)
    await mkdir(new URL('.', file), { recursive: true })
    await writeFile(file, code)
    const env = { ...process.env, AWS_REGION: tables.region }
    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(file)], { timeout: 60_000, env })
    expect(stdout).toBe("{ language: 'English' }\n[ 'hello' ]\n")
  })
})

import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { driver } from '../src/index.js'
import { startServer } from './driver-harness.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const sources = new URL('../src/', import.meta.url)

/** The rows of the tables of a section, each as its cells. */
function rowsOf(section: string): readonly (readonly string[])[] {
  const [, text = ''] = readme.split(`\n## ${section}\n`)
  const rows = text.split('\n## ')[0]!.split('\n').filter((line) => line.startsWith('| `'))
  return rows.map((line) => line.slice(2, -2).split(' | '))
}

/** The names in backticks. */
function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`(\w+)[^`]*`/g)].map(([, name = '']) => name)
}

const rows = rowsOf('Options')

describe('the tables of options', () => {
  it('have each option, once', () => {
    const names = rows.flatMap(([cell = '']) => namesIn(cell))
    expect([...names].sort()).toEqual(Object.keys(driver.options).sort())
  })

  it('have the defaults of the schema', () => {
    const units: Readonly<Record<string, number>> = { MiB: 2 ** 20 }
    const told = rows.filter((row) => row.length === 3).flatMap(([names = '', text = '']) => {
      const [, number = '', unit = ''] = /^`?([\w./-]+)`?(?: (MiB))?$/.exec(text) ?? []
      return namesIn(names).map((name) => [name, unit === '' ? number : String(Number(number) * units[unit]!)] as const)
    })
    const defaults = Object.entries(driver.options).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, String(value)] as const]))
    expect(told).toEqual(expect.arrayContaining(defaults))
    expect(defaults.length).toBeGreaterThan(5)
  })
})

/** What each request of S3 has to be allowed, by the documentation of AWS. */
const actions: Readonly<Record<string, string>> = {
  ListObjectsV2: 's3:ListBucket',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  HeadObject: 's3:GetObject',
  GetObject: 's3:GetObject',
  PutObject: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  DeleteObject: 's3:DeleteObject',
  DeleteObjects: 's3:DeleteObject',
}

interface Policy {
  readonly Statement: readonly { readonly Action: readonly string[]; readonly Resource: string }[]
}

describe('the policy', () => {
  const [policy, rule] = [...readme.matchAll(/^```json\n(.*?)^```$/gms)].map(([, text = '']) => JSON.parse(text) as unknown) as [Policy, object]

  it('allows what the driver can send, and nothing else', () => {
    const texts = readdirSync(sources).map((name) => readFileSync(new URL(name, sources), 'utf8'))
    const requests = new Set(texts.flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)].map(([, name = '']) => name)))
    const needed = new Set([...requests].map((request) => actions[request] ?? request))
    const allowed = policy.Statement.flatMap(({ Action }) => Action)
    expect([...allowed].sort()).toEqual([...needed].sort())
    expect(rowsOf('Permissions').map(([cell = '']) => cell.replaceAll('`', ''))).toEqual(allowed)
  })

  it('has what is about the bucket at the bucket, and what is about objects below the root', () => {
    for (const { Action, Resource } of policy.Statement) {
      const isOfBucket = Action.every((action) => action.startsWith('s3:ListBucket'))
      expect(Resource).toBe(isOfBucket ? 'arn:aws:s3:::my-layers' : `arn:aws:s3:::my-layers${String(driver.options['root']?.default)}/*`)
    }
  })

  it('comes with a rule for abandoned uploads that leaves objects alone', () => {
    expect(rule).toEqual({
      Rules: [{ ID: 'abandoned-uploads', Status: 'Enabled', Filter: { Prefix: 'registry/' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } }],
    })
  })
})

describe('the snippet', () => {
  it('runs as it stands, but for where the store is', async () => {
    const { endpoint, bucket, accessKey, secretKey, region } = await startServer()
    const [, snippet = ''] = /^```javascript\n(.*?)^```$/ms.exec(readme) ?? []
    const code = snippet.replace("bucket: 'my-layers', region: 'eu-central-1'", `bucket: '${bucket}', region: '${region}', endpoint: '${endpoint}', pathStyle: true`)
    // Inside the package, since modules are looked for from there; `reports` is nobody's source.
    const file = new URL('../reports/snippet.mjs', import.meta.url)
    mkdirSync(new URL('.', file), { recursive: true })
    writeFileSync(file, code)
    const env = { ...process.env, AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey }
    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(file)], { timeout: 60_000, env })
    const [, url = ''] = /^hello(http\S+)\n$/.exec(stdout) ?? []
    expect(await (await fetch(url)).text()).toBe('hello')
  })
})

// How long a search takes among many repositories, and what it costs on DynamoDB.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dynamodbIndex } from '@registry/index-dynamodb'
import { sqliteIndex } from '@registry/index-sqlite'
import { startCountingProxy } from './counting-proxy.mjs'
import { startDynamodbLocal } from './dynamodb-local.mjs'
import { repositoryNames } from './names.mjs'
import { fill, search } from './shards.mjs'

const help = `Usage: node bench/search-dynamodb/run.mjs [options]

Fills an index in DynamoDB Local and one in SQLite with repositories, and searches both. Needs Java 17 or later.

  --repositories N  how many, up to 100,001; 100,000 unless told
  --rounds N        how often each search is made; 10 unless told
  --help            this text`

const searches = [
  ['one term, which one name has', 'quokka', false],
  ['one term, which every 20th has', 'scheduler', false],
  ['the same, all pages', 'scheduler', true],
  ['two terms', 'invoice worker', false],
  ['one letter', 'a', false],
  ['nothing that is there', 'zebra', false],
]

const { repositories, rounds } = readOptions()
const names = repositoryNames(repositories)
const folder = await mkdtemp(join(tmpdir(), 'registry-bench-'))
const dynamodb = await startDynamodbLocal()
const proxy = await startCountingProxy(dynamodb.endpoint)
try {
  const tables = { region: 'us-east-1', accessKey: 'AKBENCH', secretAccessKey: 'SKBENCH', retryTimeout: 60_000, requestTimeout: 60_000 }
  const counted = await dynamodbIndex({ ...tables, endpoint: proxy.endpoint })
  const index = await dynamodbIndex({ ...tables, endpoint: dynamodb.endpoint })
  const sqlite = await sqliteIndex({ file: join(folder, 'index.sqlite') })
  for (const one of [counted, sqlite]) await fill(one, names)
  console.log(`${names.length} repositories, ${rounds} rounds\n`)
  console.log('| search | index | matches | p50 ms | p95 ms | requests | read units |\n|---|---|---:|---:|---:|---:|---:|')
  for (const [title, text, isWhole] of searches) {
    const name = `${title}: \`${text}\``
    await search(counted, text, isWhole)
    const { requests, units } = proxy.takeCounts()
    row(name, 'DynamoDB Local', await measured(index, text, isWhole), requests, units)
    row(name, 'SQLite', await measured(sqlite, text, isWhole), '–', '–')
  }
  for (const one of [counted, index, sqlite]) await one.close()
} finally {
  proxy.close()
  await dynamodb.close()
  await rm(folder, { recursive: true })
}

async function measured(index, text, isWhole) {
  const matches = await search(index, text, isWhole)
  const times = []
  for (let n = 0; n < rounds; n++) {
    const start = performance.now()
    await search(index, text, isWhole)
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  const percentile = (part) => times[Math.min(Math.ceil(part * times.length), times.length) - 1]
  return { matches, p50: percentile(0.5), p95: percentile(0.95) }
}

function row(name, index, { matches, p50, p95 }, requests, units) {
  const cells = [name, index, matches, p50.toFixed(1), p95.toFixed(1), requests, units]
  console.log(`| ${cells.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)).join(' | ')} |`)
}

function readOptions() {
  const known = { repositories: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '10' }, help: { type: 'boolean' } }
  try {
    const { values } = parseArgs({ options: known })
    if (values.help) {
      console.log(help)
      process.exit(0)
    }
    return { repositories: whole('repositories', values.repositories, 100_001), rounds: whole('rounds', values.rounds, 10_000) }
  } catch (error) {
    console.error(`${error.message}\n\n${help}`)
    process.exit(1)
  }
}

function whole(name, text, most) {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0 && number <= most) return number
  throw new Error(`--${name} expects a whole number from 1 to ${most}, got ${JSON.stringify(text)}`)
}

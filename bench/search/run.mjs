// How long a search takes among many repositories, what it costs, and what it adds to a push.
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { repositories } from './repositories.mjs'

const help = `Usage: node bench/search/run.mjs [--sqlite] [--dynamodb] [options]

Fills an index with repositories, searches it through the engine, and prints tables: milliseconds, bytes,
and what a push takes with search and without. Each index is measured beside what would be written first.

  --sqlite          SQLite, beside LIKE over a table
  --dynamodb        DynamoDB Local, beside a Scan of a table; needs Java 17 or later, and takes 40 minutes
                    (both, unless one is named)
  --repositories N  how many, up to 100,001; 100,000 unless told
  --rounds N        how often each search is made; 50 unless told
  --pushes N        how many manifests are pushed in each way; 100 unless told
  --help            this text

Before: npx pnpm install && npm run build`

const options = readOptions()
const folder = await mkdtemp(join(tmpdir(), 'registry-bench-'))
console.log(`${options.repositories.length.toLocaleString('en')} repositories, ${options.rounds} rounds, ${availableParallelism()} cores, Node ${process.versions.node}\n`)
try {
  // Only now: each loads what it measures.
  if (options.sqlite) await (await import('./sqlite.mjs')).measureSqlite({ ...options, folder })
  if (options.dynamodb) await (await import('./dynamodb.mjs')).measureDynamodb(options)
} finally {
  await rm(folder, { recursive: true })
}

function readOptions() {
  const known = {
    sqlite: { type: 'boolean', default: false },
    dynamodb: { type: 'boolean', default: false },
    repositories: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '50' },
    pushes: { type: 'string', default: '100' },
    help: { type: 'boolean' },
  }
  try {
    const { values } = parseArgs({ options: known })
    if (values.help) {
      console.log(help)
      process.exit(0)
    }
    const both = values.sqlite === values.dynamodb
    return {
      sqlite: both || values.sqlite,
      dynamodb: both || values.dynamodb,
      repositories: repositories(whole('repositories', values.repositories, 100_001)),
      rounds: whole('rounds', values.rounds, 10_000),
      pushes: whole('pushes', values.pushes, 10_000),
    }
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

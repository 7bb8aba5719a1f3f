import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const script = fileURLToPath(new URL('../search/run.mjs', import.meta.url))
/** With all registries that it opens on DynamoDB Local. */
const timeout = 300_000

type Rows = readonly (readonly string[])[]

/** Cells of the rows of each table that was printed, by its title. */
async function measured(...options: readonly string[]): Promise<ReadonlyMap<string, Rows>> {
  const { stdout } = await run(process.execPath, [script, '--repositories', '500', '--rounds', '1', '--pushes', '1', ...options], { timeout })
  const tables = stdout.split('### ').slice(1).map((table) => table.split('\n'))
  const cellsOf = (line: string): readonly string[] => line.split('|').slice(1, -1).map((cell) => cell.trim())
  return new Map(tables.map(([title = '', ...lines]) => [title, lines.filter((line) => line.startsWith('| ')).slice(2).map(cellsOf)]))
}

const numbers = (cells: readonly string[]): readonly number[] => cells.map((cell) => Number(cell.replace(',', '')))

function expectTimes(cells: readonly string[]): void {
  expect(cells.length > 0 && numbers(cells).every((time) => time > 0), cells.join(' ')).toBe(true)
}

/** How many of 500 are found, of searches of which that is told. */
function expectFound(rows: Rows): void {
  expect(rows).toHaveLength(13)
  const found = (text: string): string | undefined => rows.find(([search = '']) => search.includes(text))?.[1]
  expect(['`quokka`', '`kk`', '`the`', '`scheduler`', '`zebra`', '`zq`', 'no term'].map(found)).toEqual(['1', '1', '500', '25', '0', '0', '500'])
}

function expectPushes(rows: Rows): void {
  expect(rows.map(([, , search]) => search)).toEqual(['on', 'off', 'on', 'off', 'on', 'off'])
  for (const row of rows) expectTimes(row.slice(3, 7))
}

describe('the measurement of search on SQLite', () => {
  it('finds what is there beside LIKE, weighs the index, and pushes with search and without', async () => {
    const tables = await measured('--sqlite')
    expect([...tables.keys()]).toEqual(['SQLite', 'Bytes for each repository, SQLite', 'Pushes, SQLite'])
    const [searches = [], bytes = [], pushes = []] = [...tables.values()]
    expectFound(searches)
    for (const row of searches) expectTimes(row.slice(2))
    const [whole = 0, alone = 0, search = 0] = numbers(bytes[0] ?? [])
    expect([whole - alone === search, search > 100, search < 600]).toEqual([true, true, true])
    expectPushes(pushes)
  }, timeout)

  it('refuses more repositories than it has names for, in one line with the options', async () => {
    await expect(run(process.execPath, [script, '--repositories', '200000'])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--repositories expects a whole number from 1 to 100001, got "200000"') as string,
    })
  })
})

describeWithDynamodb('the measurement of search on DynamoDB', () => {
  it('finds what is there, counts a request of each shard beside a Scan, and what a push asks for', async () => {
    const tables = await measured('--dynamodb')
    expect([...tables.keys()]).toEqual(['DynamoDB Local', 'Bytes of an item, DynamoDB', 'Pushes, DynamoDB Local'])
    const [searches = [], bytes = [], pushes = []] = [...tables.values()]
    expectFound(searches)
    for (const [search = '', , p50 = '', p95 = '', requests = '', units = '', ...scan] of searches) {
      expectTimes([p50, p95, ...scan.slice(0, 2)])
      // Names that begin with the one term, and what matches it; each in every shard; and whether the index is the same.
      expect(Number(requests), search).toBe(/two terms|no term/.test(search) ? 17 : 33)
      // Some 10 KB in each shard.
      expect([Number(units) > 33, Number(units) < 100], search).toEqual([true, true])
      expect(numbers(scan.slice(2)), search).toEqual([1, 7])
    }
    const [whole = 0, alone = 0, text = 0] = numbers(bytes[0] ?? [])
    expect([whole - alone === text, text > 60, text < 200]).toEqual([true, true, true])
    expectPushes(pushes)
    for (const row of pushes) expect(Number(row.at(-1))).toBeGreaterThan(5)
  }, timeout)
})

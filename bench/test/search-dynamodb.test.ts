import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const script = fileURLToPath(new URL('../search-dynamodb/run.mjs', import.meta.url))

/** Cells of the rows of the table that was printed. */
function rowsOf(output: string): readonly (readonly string[])[] {
  const rows = output.split('\n').filter((line) => line.startsWith('| ')).slice(1)
  return rows.map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
}

describeWithDynamodb('the measurement of search', () => {
  it('finds on both indexes what is there, and counts a request of each shard', async () => {
    const { stdout } = await run(process.execPath, [script, '--repositories', '500', '--rounds', '1'], { timeout: 120_000 })
    const rows = rowsOf(stdout)
    expect(rows).toHaveLength(12)
    for (const [search = '', index, matches, p50, p95, requests, units] of rows) {
      expect([Number(p50), Number(p95)].every((time) => time > 0)).toBe(true)
      expect(requests).toBe(index === 'SQLite' ? '–' : '16')
      // Some 6 KB in each shard.
      if (index !== 'SQLite') expect([Number(units) > 16, Number(units) < 48]).toEqual([true, true])
      // Of 499 names each kind has 24 or 25.
      if (search.includes('quokka')) expect(matches).toBe('1')
      if (search.includes('scheduler')) expect(matches).toBe('25')
      if (search.includes('zebra')) expect(matches).toBe('0')
    }
  }, 150_000)

  it('refuses more repositories than it has names for, in one line with the options', async () => {
    await expect(run(process.execPath, [script, '--repositories', '200000'])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--repositories expects a whole number from 1 to 100001, got "200000"') as string,
    })
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { openDatabase } from '../src/database.js'
import { sqliteIndex } from '../src/index.js'
import { temporaryDirectory } from './temporary-directory.js'

const script = path.join(import.meta.dirname, 'children', 'commit-on.mjs')

/** Starts a process that commits numbers from `begin` on, kills it after some, and returns the last that was answered. */
async function committedUntilKilled(file: string, begin: number, count: number): Promise<number> {
  const child = spawn(process.execPath, [script, file, String(begin)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  let last = begin - 1
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line)
    if (last === begin + count) child.kill('SIGKILL')
  }
  expect((await exit)[1]).toBe('SIGKILL')
  return last
}

it('a process that is killed in the middle of commits loses nothing that was answered, and leaves no half of a commit', async () => {
  const file = path.join(await temporaryDirectory(), 'index.sqlite')
  let next = 0
  for (const count of [20, 33, 47]) {
    const last = await committedUntilKilled(file, next, count)
    const index = await sqliteIndex({ file })
    const [a, b] = [await index.scan('a'), await index.scan('b')]
    const numbers = a.entries.map(({ value }) => Number(value))
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, number) => number))
    expect(b.entries.map(({ value }) => value)).toEqual(numbers)
    expect(numbers.length).toBeGreaterThan(last)
    expect((await index.search({ partition: 'b', text: 'number' })).entries).toHaveLength(numbers.length)
    next = numbers.length
    await index.close()
  }
  const database = openDatabase(file, 0)
  expect(database.pragma('integrity_check')).toBe('ok')
  database.close()
})

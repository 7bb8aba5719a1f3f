import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { PutChange } from '@registry/core'
import { expect, it, onTestFinished } from 'vitest'
import { sqliteIndex } from '../src/index.js'
import { expectTrouble } from './expect-trouble.js'
import { temporaryDirectory } from './temporary-directory.js'

const script = path.join(import.meta.dirname, 'children', 'hold-lock.mjs')
const put = (sort: string, value: string): PutChange => ({ op: 'put', key: { partition: 'p', sort }, value })

/** Another process that keeps the file locked; ends that when called. */
async function lock(file: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [script, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  await Promise.race([once(child.stdout, 'data'), exit.then(() => Promise.reject(new Error('it could not be locked')))])
  return async () => {
    child.stdin.end()
    await exit
  }
}

it('while another process keeps the file locked a commit is UNAVAILABLE and reads go on; after it commits go on', async () => {
  const file = path.join(await temporaryDirectory(), 'index.sqlite')
  const index = await sqliteIndex({ file, busyTimeout: 20 })
  onTestFinished(() => index.close())
  await index.commit([put('a', '1')])
  const unlock = await lock(file)
  for (const durable of [true, false]) {
    const error = await expectTrouble(index.commit([put('a', '2')], { durable }), 'UNAVAILABLE', file, 'end the process that holds it')
    expect(error).toMatchObject({ retryable: true, outcome: undefined, operation: 'commit' })
  }
  await expectTrouble(sqliteIndex({ file, busyTimeout: 20 }), 'UNAVAILABLE', file, 'try again')
  expect((await index.scan('p')).entries.map(({ value }) => value)).toEqual(['1'])
  await unlock()
  await index.commit([put('a', '3')])
  expect((await index.scan('p')).entries.map(({ value }) => value)).toEqual(['3'])
})

import { expect, test } from 'vitest'
import { placeOfCase } from './place-of-case.js'
import { withAdministrator } from './postgres-harness.js'
import { waitingBackends } from './waiting-backends.js'

const key = { partition: 'facts', sort: 'a' }

test('a call that is aborted while the database is busy rejects at once, and its commit is whole', async () => {
  const place = placeOfCase()
  const index = await place.open()
  const keys = [key, { partition: 'other', sort: 'b' }]
  await withAdministrator(place.url, async (client) => {
    await client.query(`BEGIN; LOCK TABLE ${place.schema}.entries`)
    const [controller, reason] = [new AbortController(), new Error('gone')]
    const { signal } = controller
    const calls = [
      index.commit(keys.map((each) => ({ op: 'put', key: each, value: 1 })), { signal }), index.get(keys, { signal }),
      index.scan('facts', { signal }), index.search({ partition: 'facts', text: '' }, { signal }),
    ]
    const refused = Promise.all(calls.map((call) => expect(call).rejects.toBe(reason)))
    await waitingBackends(place, { count: calls.length })
    controller.abort(reason)
    await refused
    await client.query('COMMIT')
  })
  await index.close()
  const found = await (await place.open()).get(keys)
  expect(found.map((entry) => entry?.value)).toEqual([1, 1])
})

test('a commit that need not be durable waits for no disk, and only that one', async () => {
  const place = placeOfCase()
  await place.open()
  await withAdministrator(place.url, async (client) => {
    const setting = async (isDurable: boolean): Promise<string | undefined> => {
      await client.query('BEGIN')
      await client.query(`SELECT ${place.schema}.apply_changes('t', false, $1, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')`, [isDurable])
      const { rows } = await client.query<{ readonly value: string }>("SELECT current_setting('synchronous_commit') AS value")
      await client.query('ROLLBACK')
      return rows[0]?.value
    }
    expect(await setting(false)).toBe('off')
    expect(await setting(true)).toBe('on')
  })
})

test('more calls than connections wait for each other', async () => {
  const index = await placeOfCase().open({ connections: 1, connectTimeout: 2000 })
  const numbers = Array.from({ length: 100 }, (_, number) => number)
  await Promise.all(numbers.map((number) => index.commit([{ op: 'put', key: { partition: 'p', sort: `s${number}` }, value: number }])))
  expect((await index.scan('p')).entries).toHaveLength(100)
})

test('a bound may have a NUL, which no key has', async () => {
  const index = await placeOfCase().open()
  await index.commit(['a', 'ab', 'b'].map((sort) => ({ op: 'put', key: { partition: 'p', sort }, value: 0 })))
  const sorts = async (options: object): Promise<readonly string[]> => (await index.scan('p', options)).entries.map((entry) => entry.key.sort)
  expect(await sorts({ after: 'a\0' })).toEqual(['ab', 'b'])
  expect(await sorts({ before: 'a\0' })).toEqual(['a'])
  expect(await sorts({ prefix: 'a\0' })).toEqual([])
})

test('control characters of a text match themselves alone', async () => {
  const index = await placeOfCase().open()
  const characters = ['\0', '\u0001', '\u0002', '\u0003', '\u0004']
  await index.commit(characters.map((text, number) => ({ op: 'put', key: { partition: 'p', sort: `${number}` }, value: 0, text })))
  for (const [number, text] of characters.entries()) {
    const { entries } = await index.search({ partition: 'p', text })
    expect(entries.map((entry) => entry.key.sort)).toEqual([`${number}`])
  }
})

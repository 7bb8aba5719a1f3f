import { expect, inject, test } from 'vitest'
import type { Change } from '@registry/core'
import type { Client } from 'pg'
import { openGate } from './gate.js'
import type { Gate } from './gate.js'
import { placeOfCase } from './place-of-case.js'
import { withAdministrator } from './postgres-harness.js'
import { waitingBackends } from './waiting-backends.js'

const key = { partition: 'facts', sort: 'a' }
const creation: readonly Change[] = [{ op: 'put', key, value: 1, expect: 'absent' }]

async function gateTo(url: string): Promise<{ readonly gate: Gate; readonly url: string }> {
  const target = new URL(url)
  const gate = await openGate(Number(target.port))
  target.port = String(gate.port)
  return { gate, url: target.href }
}

test('a commit whose answer was lost is recognised: it does not conflict with itself', async () => {
  const place = placeOfCase()
  const { gate, url } = await gateTo(place.url)
  const index = await place.open({ url })
  gate.swallowNextAnswer()
  const [revision] = await index.commit(creation)
  expect(gate.swallowed).toBe(1)
  expect((await index.get([key]))[0]).toEqual({ key, value: 1, revision })
  await index.close()
  await gate.close()
})

test('a commit without a server behind a lost answer says that nobody knows', async () => {
  const place = placeOfCase()
  const { gate, url } = await gateTo(place.url)
  const index = await place.open({ url })
  await withAdministrator(place.url, async (client) => {
    await client.query(`BEGIN; LOCK TABLE ${place.schema}.entries`)
    const commit = index.commit(creation)
    const refused = expect(commit).rejects.toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown', retryable: true })
    await waitingBackends(place)
    await gate.close()
    await refused
    await client.query('COMMIT')
  })
})

test('a commit that cannot be sent says that nothing happened', async () => {
  const place = placeOfCase()
  const { gate, url } = await gateTo(place.url)
  const index = await place.open({ url })
  await index.close()
  const later = await place.open({ url, connectTimeout: 1000 })
  await later.get([key])
  await gate.close()
  const error: unknown = await later.get([key]).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: undefined })
  await expect(later.commit(creation)).rejects.toMatchObject({ code: 'UNAVAILABLE', outcome: undefined })
})

test('a commit whose connection is ended by the server in the middle is made once', async () => {
  const place = placeOfCase()
  const index = await place.open()
  await withAdministrator(place.url, async (client) => {
    await client.query(`BEGIN; LOCK TABLE ${place.schema}.entries`)
    const commit = index.commit(creation)
    const [first] = await waitingBackends(place)
    await client.query('SELECT pg_terminate_backend($1)', [first])
    await waitingBackends(place, { other: first })
    await client.query('COMMIT')
    const [revision] = await commit
    expect((await index.get([key]))[0]?.revision).toBe(revision)
  })
})

test('a repeated commit that was refused is refused for the first one that comes late, too', async () => {
  const place = placeOfCase(inject('plainUrl'))
  await place.open()
  const send = (client: Client, isRepeated: boolean): Promise<number | undefined> =>
    client.query<{ readonly outcome: number }>(`SELECT ${place.schema}.apply_changes('token', $1, true,
      '{put}', '{\\\\x00}', '{p}', '{a}', '{present}', '{r}', '{1}', '{NULL}') AS outcome`, [isRepeated]).then(({ rows }) => rows[0]?.outcome)
  await withAdministrator(place.url, async (client) => {
    expect(await send(client, true)).toBe(1)
    await client.query(`INSERT INTO ${place.schema}.entries (place, sort, partition, revision, value) VALUES ('\\x00', 'a', 'p', 'q', '0')`)
    expect(await send(client, false)).toBe(1)
    const { rows } = await client.query(`SELECT revision FROM ${place.schema}.entries`)
    expect(rows).toEqual([{ revision: 'q' }])
  })
})

test('commits of days ago are forgotten', async () => {
  const place = placeOfCase()
  const index = await place.open()
  await index.commit(creation)
  await withAdministrator(place.url, async (client) => {
    await client.query(`UPDATE ${place.schema}.commits SET at = now() - interval '2 days', token = 'old'`)
    await index.commit([{ op: 'delete', key }])
    const { rows } = await client.query<{ readonly token: string }>(`SELECT token FROM ${place.schema}.commits`)
    expect(rows).toHaveLength(1)
    expect(rows[0]?.token).not.toBe('old')
  })
})

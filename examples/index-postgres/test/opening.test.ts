import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { expect, inject, onTestFinished, test } from 'vitest'
import { index as postgresModule, postgresIndex } from '../src/index.js'
import { placeOfCase } from './place-of-case.js'
import { makePostgres } from '@registry/services/postgres'
import { withAdministrator } from './postgres-harness.js'

test('a schema of a newer release is refused, and not touched', async () => {
  const place = placeOfCase()
  await withAdministrator(place.url, async (client) => {
    await client.query(`CREATE SCHEMA ${place.schema}; CREATE TABLE ${place.schema}.version AS SELECT 2 AS version`)
    await expect(place.open()).rejects.toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining('version 2') as string })
    const { rows } = await client.query(`SELECT relname FROM pg_class WHERE relnamespace = '${place.schema}'::regnamespace`)
    expect(rows).toEqual([{ relname: 'version' }])
  })
})

test('the index of trigrams is made once the database has the extension', async () => {
  const place = placeOfCase()
  const before = await place.open()
  await withAdministrator(place.url, async (client) => {
    await client.query(`DROP INDEX ${place.schema}.entries_trigrams`)
    await before.close()
    await place.open()
    const { rows } = await client.query(`SELECT 1 FROM pg_indexes WHERE schemaname = '${place.schema}' AND indexname = 'entries_trigrams'`)
    expect(rows).toHaveLength(1)
  })
})

test('a wrong password and a missing permission are ACCESS_DENIED, and no password is told', async () => {
  const server = await makePostgres()
  onTestFinished(() => server.remove())
  await withAdministrator(server.url, async (client) => {
    await client.query("CREATE ROLE reader LOGIN PASSWORD 'rightword'; SELECT pg_reload_conf()")
    const url = server.url.replace('postgres:secret', 'reader:rightword')
    await expect(postgresIndex({ url })).rejects.toMatchObject({ code: 'ACCESS_DENIED', driver: 'postgres', operation: 'open' })
    await client.query("COPY (SELECT 'host all reader all scram-sha-256') TO PROGRAM 'cat > pg_hba.conf'")
    await client.query('SELECT pg_reload_conf()')
    await expect.poll(() => postgresIndex({ url: url.replace('rightword', 'wrongword') }).catch((error: unknown) => error)).toMatchObject({
      code: 'ACCESS_DENIED', message: expect.stringMatching(/^the database refused the user or the password(?!.*wrongword)/) as string,
    })
    await expect(postgresIndex({ url: url.replace(':rightword', '') })).rejects.toMatchObject({ code: 'ACCESS_DENIED' })
  })
})

test('an index lives on when the server was gone', async () => {
  const server = await makePostgres()
  onTestFinished(() => server.remove())
  const index = await postgresIndex({ url: server.url })
  const key = { partition: 'facts', sort: 'a' }
  const [revision] = await index.commit([{ op: 'put', key, value: 'kept' }])
  await server.stop()
  await expect(index.get([key])).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true })
  await expect(index.commit([{ op: 'delete', key }])).rejects.toMatchObject({ code: 'UNAVAILABLE', outcome: undefined })
  await expect(postgresIndex({ url: server.url })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await server.start()
  expect(await index.get([key])).toEqual([{ key, value: 'kept', revision }])
  await index.close()
})

test('a user who owns nothing needs the permissions of the README alone', async () => {
  const place = placeOfCase()
  await place.open()
  const role = `${place.schema}_user`
  await withAdministrator(place.url, async (client) => {
    await client.query(`DROP INDEX ${place.schema}.entries_trigrams; CREATE ROLE ${role} LOGIN; GRANT USAGE ON SCHEMA ${place.schema} TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${place.schema} TO ${role}`)
  })
  const index = await place.open({ url: place.url.replace('//postgres:', `//${role}:`) })
  const key = { partition: 'p', sort: 's' }
  const [revision] = await index.commit([{ op: 'put', key, value: 1, text: 'word' }])
  expect((await index.search({ partition: 'p', text: 'wor' })).entries).toEqual([{ key, value: 1, revision }])
  await index.commit([{ op: 'delete', key }])
})

test('wrong options are CONFIG', async () => {
  const url = inject('trigramsUrl')
  await expect(postgresIndex({ url, schema: 'a"b' })).rejects.toMatchObject({ code: 'CONFIG' })
  await expect(postgresIndex({ url, schema: 'pg_mine' })).rejects.toMatchObject({ code: 'CONFIG' })
  await expect(postgresIndex({ url: url.replace(/postgres$/, 'missing') })).rejects.toMatchObject({ code: 'CONFIG' })
  await expect(postgresIndex({ url: 'postgres://[' })).rejects.toMatchObject({ code: 'CONFIG' })
  await expect(postgresIndex({ url, caFile: '/missing.pem' })).rejects.toMatchObject({ code: 'CONFIG' })
  await expect(postgresIndex({ url: `${url}?sslmode=verify-full` })).rejects.toMatchObject({ code: 'CONFIG' })
})

test('an error has no password in it, wherever one looks', async () => {
  const error: unknown = await postgresIndex({ url: 'postgres://postgres:secret@[' }).catch((reason: unknown) => reason)
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret')
})

test('a database that is not in UTF-8 is refused', async () => {
  const name = `latin_${randomUUID().slice(0, 8)}`
  const url = inject('trigramsUrl')
  await withAdministrator(url, async (client) => {
    await client.query(`CREATE DATABASE ${name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`)
    await expect(postgresIndex({ url: url.replace(/postgres$/, name) })).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })
})

test('the module is what the server looks for', () => {
  expect(postgresModule).toMatchObject({ contract: 1, name: 'postgres', open: postgresIndex })
  expect(postgresModule.options['url']).toMatchObject({ required: true, secret: true })
})

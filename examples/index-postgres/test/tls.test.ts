import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { postgresIndex } from '../src/index.js'
import { makePostgres } from '@registry/services/postgres'
import { withAdministrator } from './postgres-harness.js'

const certificate = `openssl req -x509 -newkey rsa:2048 -nodes -keyout server.key -out server.crt -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost && chmod 600 server.key`

test('a certificate is trusted where caFile says so, and only then', async () => {
  const server = await makePostgres()
  const folder = mkdtempSync(join(tmpdir(), 'registry-tls-'))
  onTestFinished(async () => {
    rmSync(folder, { recursive: true })
    await server.remove()
  })
  const url = server.url.replace('127.0.0.1', 'localhost')
  const caFile = join(folder, 'ca.pem')
  await withAdministrator(server.url, async (client) => {
    await client.query(`COPY (SELECT 1) TO PROGRAM '${certificate} 2> openssl.log'`)
    const { rows } = await client.query<{ readonly pem: string }>("SELECT pg_read_file('server.crt') AS pem")
    writeFileSync(caFile, rows[0]?.pem ?? '')
    await client.query('ALTER SYSTEM SET ssl = on')
    await client.query('SELECT pg_reload_conf()')
    await expect.poll(() => postgresIndex({ url, caFile }).then((index) => index.close()).then(() => 'opened', String)).toBe('opened')
    const index = await postgresIndex({ url, caFile })
    await index.get([{ partition: 'p', sort: 's' }])
    const sessions = await client.query<{ readonly ssl: boolean }>(
      "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'registry-index-postgres'")
    expect(sessions.rows).toEqual([{ ssl: true }])
    await index.close()
    await expect(postgresIndex({ url: `${url}?sslmode=verify-full` })).rejects.toMatchObject({ code: 'CONFIG' })
  })
})

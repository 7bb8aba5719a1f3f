import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { freePort } from './free-port.mjs'
import { postgres, programOf } from './postgres-program.js'

/** A server of PostgreSQL in a temporary folder. */
export interface PostgresServer {
  readonly url: string
  readonly port: number
  /** Starts it again after `stop`. */
  start(): Promise<void>
  stop(): Promise<void>
  /** File of its log. */
  readonly logFile: string
  /** Stops it, and removes its folder. */
  remove(): Promise<void>
}

/** Makes a cluster, and starts it on a free port. The password of `postgres` is `secret`. */
export async function makePostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'registry-postgres-'))
  const user = serverUser()
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  execFileSync(binary('initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale', 'C.UTF-8', '-N'], {
    ...user, cwd: folder, stdio: 'ignore',
  })
  const port = await freePort()
  const url = `postgres://postgres:secret@127.0.0.1:${port}/postgres`
  const settings = [
    `port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off', 'max_connections=200', 'shared_buffers=64MB',
    'log_line_prefix=%a ', 'log_min_messages=error',
  ].flatMap((setting) => ['-c', setting])
  const logFile = join(folder, 'log')
  const output = openSync(logFile, 'a')
  let server: ChildProcess | undefined
  const start = async (): Promise<void> => {
    server = spawn(binary('postgres'), ['-D', data, ...settings], { ...user, cwd: folder, stdio: ['ignore', output, output] })
    await untilAnswered(url, server)
  }
  const stop = async (): Promise<void> => {
    if (!server || server.exitCode !== null) return
    const ended = once(server, 'exit')
    server.kill('SIGINT')
    await ended
  }
  await start()
  return {
    url, port, logFile, start, stop,
    async remove() {
      await stop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** PostgreSQL refuses to run as root. */
function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (userInfo().uid !== 0) return undefined
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })))
  return { uid: uid ?? 0, gid: gid ?? 0 }
}

function binary(name: string): string {
  const found = programOf(name)
  if (!found) throw new Error(`${name} was not found; ${postgres.remedy}`)
  return found
}

async function untilAnswered(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`)
    const client = new Client(url)
    try {
      await client.connect()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

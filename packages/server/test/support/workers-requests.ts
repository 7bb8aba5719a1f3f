import { spawnSync } from 'node:child_process'
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import type { RegistryProcess } from './registry-process.js'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface SendOptions {
  readonly headers?: OutgoingHttpHeaders
  readonly body?: Buffer | string
}

/** Sends a request on a connection of its own. */
export function send(address: string, method: string, path: string, { headers = {}, body = '' }: SendOptions = {}): Promise<Answer> {
  const bytes = Buffer.from(body)
  return new Promise((resolve, reject) => {
    const options = { method, agent: false, headers: { 'content-length': bytes.length, ...headers } }
    const sent = request(`http://${address}${path}`, options, (response) => {
      response.toArray().then((chunks) => {
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks as Buffer[]) })
      }, reject)
    })
    sent.on('error', reject)
    sent.end(bytes)
  })
}

/** A request whose body comes in two parts: it is under way in between. */
export interface SlowRequest {
  readonly status: Promise<number>
  finish(): void
}

/** Resolves when the server has begun to answer, as it does who asks whether to send a body. */
export function beginUpload(address: string, location: string): Promise<SlowRequest> {
  return new Promise((resolve, reject) => {
    const sent = request(`http://${address}${location}`, { method: 'PATCH', agent: false, headers: { 'content-length': 10, expect: '100-continue' } })
    const status = new Promise<number>((answered, failed) => {
      sent.on('response', (response) => {
        response.resume()
        answered(response.statusCode!)
      })
      sent.on('error', failed)
    })
    status.catch(reject)
    sent.on('continue', () => {
      sent.write('first')
      resolve({ status, finish: () => sent.end('later') })
    })
    sent.flushHeaders()
  })
}

/** A line of the log. */
export interface LogLine {
  readonly level: number
  readonly msg: string
  readonly worker?: number
  readonly pid?: number
  readonly url?: string
  readonly status?: number
  readonly signal?: string
}

export function logOf({ errors }: Pick<RegistryProcess, 'errors'>): readonly LogLine[] {
  return errors.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine)
}

/** The processes that have listened, in this order. */
export function pidsOf(registry: RegistryProcess): readonly number[] {
  return logOf(registry).filter(({ msg }) => msg === 'a worker listens').map(({ pid }) => pid!)
}

/** The numbers of the workers that answered such a request. */
export function answeredBy(registry: RegistryProcess, which: (line: LogLine) => boolean): ReadonlySet<number | undefined> {
  return new Set(logOf(registry).filter((line) => line.msg === 'request' && which(line)).map(({ worker }) => worker))
}

/** Whether a process is there. One that has ended may wait for a parent to notice. */
export function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}

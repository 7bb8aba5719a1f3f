import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { Driver, PresignOptions } from '@registry/core'
import { onTestFinished } from 'vitest'
import { parseRange } from '../../../src/range.js'

/** A storage that clients reach by URLs. */
export interface UrlStore {
  readonly origin: string
  /** What it was asked for. */
  readonly requests: readonly { readonly url: string; readonly headers: IncomingHttpHeaders }[]
  /** What URLs were asked of it. */
  readonly presigned: readonly { readonly key: string; readonly options: PresignOptions }[]
  /** The driver, whose objects this storage serves. */
  readonly wrap: (driver: Driver) => Driver
}

/** Starts a storage, which ends with the test. `presign` may give other URLs, or none. */
export async function startUrlStore(presign?: NonNullable<Driver['presign']>): Promise<UrlStore> {
  let driver: Driver | undefined
  const requests: { url: string; headers: IncomingHttpHeaders }[] = []
  const presigned: { key: string; options: PresignOptions }[] = []
  const server = createServer((request, response) => {
    const { url = '', headers } = request
    requests.push({ url, headers })
    const serve = async (): Promise<void> => {
      const key = new URL(url, 'http://store').pathname.slice('/bucket/'.length)
      const info = await driver?.head(key)
      const range = info && parseRange(headers.range, info.size)
      if (!driver || !info || range === 'unsatisfiable') {
        response.writeHead(info ? 416 : 404).end()
        return
      }
      await using object = await driver.open(key, { range })
      response.writeHead(range ? 206 : 200)
      await pipeline(object.body, response)
    }
    serve().catch(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const wrap = (wrapped: Driver): Driver => {
    driver = wrapped
    return {
      ...wrapped,
      capabilities: { ...wrapped.capabilities, presign: true },
      presign: async (key, options) => {
        presigned.push({ key, options })
        return presign ? presign(key, options) : new URL(`${origin}/bucket/${key}?signature=abc%2Fdef&expires=${options.expires}`)
      },
    }
  }
  return { origin, requests, presigned, wrap }
}

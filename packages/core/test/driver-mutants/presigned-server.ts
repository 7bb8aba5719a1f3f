import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MemoryStorage } from '../../src/memory/index.js'

const places: MemoryStorage[] = []
let listening: Promise<Server> | undefined

/** A URL that serves what the storage has under the key at the moment of the request. */
export async function servedUrl(storage: MemoryStorage, key: string): Promise<URL> {
  listening ??= listen()
  if (!places.includes(storage)) places.push(storage)
  const { port } = (await listening).address() as AddressInfo
  return new URL(`/${places.indexOf(storage)}/${key}`, `http://127.0.0.1:${port}`)
}

function listen(): Promise<Server> {
  const server = createServer(({ url = '' }, response) => {
    const [, place, ...segments] = url.split('/')
    const object = places[Number(place)]?.get(segments.join('/'))
    response.writeHead(object ? 200 : 404, { connection: 'close' }).end(object?.bytes)
  })
  // Tests end when they are through, whoever still listens.
  server.unref()
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      resolve(server)
    })
  })
}

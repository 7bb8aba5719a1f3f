import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { untilClientLeaves } from './client-left.js'

/** What the signal of one request is when its answer is closed. */
async function signalOfRequest(listener: RequestListener): Promise<AbortSignal> {
  const closed = new Promise<AbortSignal>((resolve) => {
    const server = createServer((request, response) => {
      const signal = untilClientLeaves(response)
      expect(signal.aborted).toBe(false)
      response.once('close', () => { resolve(signal) })
      listener(request, response)
    })
    onTestFinished(() => void server.close())
    server.listen(0, '127.0.0.1', () => {
      fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { headers: { connection: 'close' } }).then((answer) => answer.text()).catch(() => undefined)
    })
  })
  return closed
}

describe('the signal of a request', () => {
  it('is not aborted by an answer that was sent', async () => {
    expect((await signalOfRequest((_request, response) => response.end('here it is'))).aborted).toBe(false)
  })

  it('is aborted where the connection closes before', async () => {
    const signal = await signalOfRequest((request) => request.socket.destroy())
    expect(signal.reason).toMatchObject({ code: 'UNAVAILABLE', message: 'the client left' })
  })

  it('is aborted at once where the connection is closed already', async () => {
    const server = createServer()
    onTestFinished(() => void server.close())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).catch(() => undefined)
    const [request, response] = (await once(server, 'request')) as Parameters<RequestListener>
    request.socket.destroy()
    await once(response, 'close')
    expect(untilClientLeaves(response).aborted).toBe(true)
  })
})

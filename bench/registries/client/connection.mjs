import { once } from 'node:events'
import { connect } from 'node:net'
import { Answers } from './answers.mjs'

/** Bytes are read as soon as they come, one connection after the other: all share a buffer. */
const received = Buffer.alloc(256 * 1024)

/** A connection on which one request follows the other, each after the answer to the one before. */
export class Connection {
  /** Bytes that came in, with those of heads. */
  bytesRead = 0
  #socket
  #answers = new Answers((answer) => {
    this.#answered?.resolve(answer)
  })
  #answered
  #host

  /** @param port - on 127.0.0.1 */
  static async open(port) {
    const connection = new Connection()
    connection.#host = `127.0.0.1:${port}`
    const read = (count, buffer) => {
      connection.bytesRead += count
      connection.#answers.read(buffer.subarray(0, count))
      return true
    }
    const socket = connect({ host: '127.0.0.1', port, noDelay: true, onread: { buffer: received, callback: read } })
    await once(socket, 'connect')
    socket.on('error', (error) => connection.#answered?.reject(error))
    socket.on('close', () => connection.#answered?.reject(new Error('the server closed the connection')))
    connection.#socket = socket
    return connection
  }

  /** A request with everything but its body, to be sent any number of times. */
  head(method, path, fields = []) {
    return Buffer.from([`${method} ${path} HTTP/1.1`, `host: ${this.#host}`, 'user-agent: registry-bench', ...fields, '', ''].join('\r\n'), 'latin1')
  }

  /** Sends a request, and resolves with its answer. */
  send(head, { body = [], isHead = head.latin1Slice(0, 5) === 'HEAD ', keep = false } = {}) {
    this.#answers.expect({ isHead, keep })
    const answer = new Promise((resolve, reject) => {
      this.#answered = { resolve, reject }
    })
    const socket = this.#socket
    if (body.length === 0) socket.write(head)
    else {
      socket.cork()
      socket.write(head)
      for (const part of body) socket.write(part)
      socket.uncork()
    }
    return answer
  }

  /** Sends a request that is only made once, and resolves with its answer where that has a status that is expected. */
  async call(method, path, { fields, body, status, keep }) {
    const answer = await this.send(this.head(method, path, fields), { body, keep })
    return expectStatus(answer, status, `${method} ${path}`)
  }

  close() {
    this.#answered = undefined
    this.#socket.destroy()
  }
}

/** The answer, where it has one of these statuses: a measurement of errors is worth nothing. */
export function expectStatus(answer, statuses, request) {
  if ([statuses].flat().includes(answer.status)) return answer
  throw new Error(`${request} was answered ${answer.status}: ${answer.error ?? ''}`)
}

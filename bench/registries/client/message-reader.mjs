import { bodyAfter } from './bodies.mjs'

const endOfHead = Buffer.from('\r\n\r\n')

/**
 * Reads messages of HTTP/1.1 that follow each other on a connection, from bytes as they come, and does no more with them
 * than it must: what takes time of its own measures itself.
 */
export class MessageReader {
  /** Of a head that is not whole yet. */
  #begun
  #head
  #body

  /**
   * @param isEmpty - whether the message with this head has no body, whatever its head says
   * @param onData - called with each part of a body
   * @param onMessage - called with each head once its body has come
   */
  constructor({ isEmpty = () => false, onData = () => {}, onMessage }) {
    Object.assign(this, { isEmpty, onData, onMessage })
  }

  /** Takes the next bytes, which are read before it returns. */
  read(bytes) {
    let rest = bytes
    while (rest.length > 0) rest = this.#head === undefined ? this.#readHead(rest) : this.#readBody(rest)
  }

  #readHead(bytes) {
    const whole = this.#begun === undefined ? bytes : Buffer.concat([this.#begun, bytes])
    const end = whole.indexOf(endOfHead)
    this.#begun = end === -1 ? Buffer.from(whole) : undefined
    if (end === -1) return whole.subarray(whole.length)
    this.#head = whole.latin1Slice(0, end)
    this.#body = bodyAfter(this.#head, { isEmpty: this.isEmpty(this.#head) })
    this.#finishIfOver()
    return whole.subarray(end + endOfHead.length)
  }

  #readBody(bytes) {
    const { data, rest } = this.#body.take(bytes)
    if (data.length > 0) this.onData(data)
    this.#finishIfOver()
    return rest
  }

  #finishIfOver() {
    if (!this.#body.isOver) return
    const head = this.#head
    this.#head = undefined
    this.onMessage(head)
  }
}

import { fieldOf } from './bodies.mjs'
import { MessageReader } from './message-reader.mjs'

/** Of a body that tells of an error. */
const longestError = 500

/** Reads the answers of one connection. */
export class Answers {
  #expected = {}
  #length = 0
  #kept
  #reader = new MessageReader({
    isEmpty: (head) => this.#begin(head),
    onData: (data) => {
      this.#length += data.length
      this.#kept?.push(Buffer.from(data))
    },
    onMessage: (head) => {
      this.#finish(head)
    },
  })

  /** @param onAnswer - called with each answer, once it is whole */
  constructor(onAnswer) {
    this.onAnswer = onAnswer
  }

  /** What the next answer is to: one to HEAD has no body. `keep` asks for the body as a Buffer. */
  expect(expected) {
    this.#expected = expected
  }

  read(bytes) {
    this.#reader.read(bytes)
  }

  #begin(head) {
    const status = statusOf(head)
    this.#length = 0
    this.#kept = this.#expected.keep || status >= 400 ? [] : undefined
    return this.#expected.isHead || status < 200 || status === 204 || status === 304
  }

  #finish(head) {
    const status = statusOf(head)
    if (status < 200) return
    const body = this.#kept && Buffer.concat(this.#kept)
    this.onAnswer({
      status,
      length: this.#length,
      body,
      /** Looked for where it is asked for: most answers are only counted. */
      field: (name) => fieldOf(head, name),
      error: status >= 400 ? body.toString('latin1', 0, longestError) : undefined,
    })
  }
}

function statusOf(head) {
  return Number(head.slice(9, 12))
}

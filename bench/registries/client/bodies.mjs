/** Where the body ends that follows a head: that of a request or of an answer (RFC 9112, section 6.3). */
export function bodyAfter(head, { isEmpty = false } = {}) {
  if (isEmpty) return new MeasuredBody(0)
  if (/\r\ntransfer-encoding: chunked/i.test(head)) return new ChunkedBody()
  return new MeasuredBody(Number(fieldOf(head, 'content-length') ?? 0))
}

/** The value of a field of a head. */
export function fieldOf(head, name) {
  return new RegExp(`\\r\\n${name}: ([^\\r]*)`, 'i').exec(head)?.[1]
}

/** A body with a Content-Length. */
class MeasuredBody {
  #left

  constructor(length) {
    this.#left = length
  }

  get isOver() {
    return this.#left === 0
  }

  take(bytes) {
    const data = bytes.subarray(0, this.#left)
    this.#left -= data.length
    return { data, rest: bytes.subarray(data.length) }
  }
}

const lineEnd = 2

/** A body in chunks (RFC 9112, section 7.1), without trailers. */
class ChunkedBody {
  #line = ''
  /** Of the chunk, and the line end behind it. */
  #left = 0
  #isLast = false
  isOver = false

  take(bytes) {
    if (this.#left === 0) return { data: nothing, rest: this.#takeLine(bytes) }
    const isData = this.#left > lineEnd
    const part = bytes.subarray(0, isData ? this.#left - lineEnd : this.#left)
    this.#left -= part.length
    this.isOver = this.#isLast && this.#left === 0
    return { data: isData ? part : nothing, rest: bytes.subarray(part.length) }
  }

  #takeLine(bytes) {
    const end = bytes.indexOf(10)
    this.#line += bytes.latin1Slice(0, end === -1 ? bytes.length : end + 1)
    if (end === -1) return nothing
    const size = parseInt(this.#line, 16)
    this.#line = ''
    this.#isLast = size === 0
    this.#left = size + lineEnd
    return bytes.subarray(end + 1)
  }
}

const nothing = Buffer.alloc(0)

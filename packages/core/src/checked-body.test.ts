import { getEventListeners } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { abortable, checkedBody } from './checked-body.js'

const bytes = (size: number): Uint8Array => new Uint8Array(size).fill(7)

async function* chunks(...sizes: readonly number[]): AsyncGenerator<Uint8Array, void> {
  for (const size of sizes) yield bytes(size)
}

async function sizeOf(body: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0
  for await (const chunk of body) size += chunk.byteLength
  return size
}

/** A source that gives one chunk and then hangs for ever. */
function hanging(): { readonly source: AsyncIterable<Uint8Array>; readonly returned: () => Promise<IteratorResult<Uint8Array>> } {
  let given = false
  const returned = vi.fn(() => new Promise<IteratorResult<Uint8Array>>(() => undefined))
  const next = (): Promise<IteratorResult<Uint8Array>> => {
    if (given) return new Promise(() => undefined)
    given = true
    return Promise.resolve({ done: false, value: bytes(1) })
  }
  return { source: { [Symbol.asyncIterator]: () => ({ next, return: returned }) }, returned }
}

describe('checkedBody', () => {
  it('passes every chunk on', async () => {
    expect(await sizeOf(checkedBody(chunks(3, 0, 4), {}))).toBe(7)
    expect(await sizeOf(checkedBody(chunks(3, 0, 4), { size: 7, objectBytes: 7 }))).toBe(7)
    expect(await sizeOf(checkedBody(chunks(), { size: 0 }))).toBe(0)
  })

  it.each([
    ['more bytes than declared', 6, [3, 4], 'SIZE_MISMATCH'],
    ['fewer bytes than declared', 8, [3, 4], 'SIZE_MISMATCH'],
    ['bytes where none are declared', 0, [1], 'SIZE_MISMATCH'],
    ['no bytes where some are declared', 1, [], 'SIZE_MISMATCH'],
    ['more bytes than the limit', undefined, [5, 6], 'LIMIT_EXCEEDED'],
    ['a declared size over the limit, before the first byte', 11, [], 'LIMIT_EXCEEDED'],
  ] as const)('throws for %s', async (_, size, sizes, code) => {
    await expect(sizeOf(checkedBody(chunks(...sizes), { size, objectBytes: 10 }))).rejects.toMatchObject({ code })
  })

  it('ends its source when it throws', async () => {
    const ended = vi.fn()
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      try {
        for (;;) yield bytes(4)
      } finally {
        ended()
      }
    }
    await expect(sizeOf(checkedBody(endless(), { objectBytes: 10 }))).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    expect(ended).toHaveBeenCalledOnce()
  })

  it('throws what the source throws, itself', async () => {
    const reason = new Error('broken off')
    async function* broken(): AsyncGenerator<Uint8Array, void> {
      yield bytes(1)
      throw reason
    }
    await expect(sizeOf(checkedBody(broken(), { size: 2, signal: new AbortController().signal }))).rejects.toBe(reason)
  })
})

describe('abortable', () => {
  it('throws the reason of a signal that is aborted already, and asks for nothing', async () => {
    const next = vi.fn()
    const reason = new Error('too late')
    const body = abortable<Uint8Array>({ [Symbol.asyncIterator]: () => ({ next }) }, AbortSignal.abort(reason))
    await expect(sizeOf(body)).rejects.toBe(reason)
    expect(next).not.toHaveBeenCalled()
  })

  it('throws the reason while the source hangs, and tells the source to end', async () => {
    const controller = new AbortController()
    const { source, returned } = hanging()
    const body = abortable(source, controller.signal)[Symbol.asyncIterator]()
    await body.next()
    const second = body.next()
    controller.abort('enough')
    await expect(second).rejects.toBe('enough')
    expect(returned).toHaveBeenCalledOnce()
  })

  it('throws the reason between two chunks', async () => {
    const controller = new AbortController()
    const body = abortable(chunks(1, 1, 1), controller.signal)[Symbol.asyncIterator]()
    await body.next()
    controller.abort('enough')
    await expect(body.next()).rejects.toBe('enough')
  })

  it('leaves no listener on the signal, however it ends', async () => {
    const { signal } = new AbortController()
    await sizeOf(abortable(chunks(1, 2), signal))
    for await (const chunk of abortable(chunks(1, 2), signal)) if (chunk.byteLength > 0) break
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('ends its source when the loop is left', async () => {
    const { source, returned } = hanging()
    for await (const chunk of abortable(source, new AbortController().signal)) if (chunk.byteLength > 0) break
    expect(returned).toHaveBeenCalledOnce()
  })
})

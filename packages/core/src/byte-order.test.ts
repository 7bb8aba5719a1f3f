import { describe, expect, it } from 'vitest'
import { compareUtf8 } from './byte-order.js'

const texts = ['', '\u0001', 'A', 'a', 'a\u0001', 'aa', 'b', '\u007f', '\u0080', 'é', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f600}', '\u{1f601}', '\u{10ffff}']

describe('compareUtf8', () => {
  it('orders every pair as their bytes do', () => {
    const all = texts.flatMap((text) => [text, `a${text}`, `${text}\u{1f600}`, `\u{1f600}${text}`])
    for (const a of all) {
      for (const b of all) {
        expect(Math.sign(compareUtf8(a, b)), `${JSON.stringify(a)} against ${JSON.stringify(b)}`).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }
    }
  })
})

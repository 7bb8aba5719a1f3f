import { describe, expect, it } from 'vitest'
import { visibleText } from './visible-text.js'

describe('visibleText', () => {
  it.each([
    ['plain', 'plain'],
    ['  one\n\ttwo\r\nthree\u0085four\u2028five ', 'one two three four five'],
    ['\u001b[31mred\u001b]0;title\u0007', '[31mred]0;title'],
    ['a\u009b31mb\u007fc\0d', 'a31mbcd'],
    ['\u202eabc\u202c\u2066x\u2069\u200e\ufeff', 'abcx'],
    ['\ud800x', 'x'],
    ['Größe 数 👩\u200d👧', 'Größe 数 👩\u200d👧'],
    ['\u001b\u0007', ''],
  ])('makes of %j a line that no terminal obeys', (text, line) => {
    expect(visibleText(text)).toBe(line)
  })
})

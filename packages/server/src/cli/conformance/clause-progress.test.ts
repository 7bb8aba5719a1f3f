import { expect, it } from 'vitest'
import { clauseProgress } from './clause-progress.js'

function shown(isTTY: boolean): string {
  let text = ''
  const progress = clauseProgress({ isTTY, write: (part: string | Uint8Array) => { text += String(part); return true } }, 173)
  progress.show(0)
  progress.show(34)
  progress.clear()
  return text
}

it('is a line that is written over, and goes', () => {
  expect(shown(true)).toBe('\r\x1b[K0 of 173 clauses\r\x1b[K34 of 173 clauses\r\x1b[K')
})

it('is nothing where nobody looks', () => {
  expect(shown(false)).toBe('')
})

import { expect, it } from 'vitest'
import { selectionOf } from './selection.js'

it.each([
  [{}, { prefix: '', startAfter: '' }],
  [{ prefix: 'a/' }, { prefix: 'a/', startAfter: '' }],
  [{ prefix: 'b/', after: 'a' }, { prefix: 'b/', startAfter: '' }],
  [{ prefix: 'b/', after: 'b/c' }, { prefix: 'b/', startAfter: 'b/c' }],
  [{ prefix: 'b/', after: 'c' }, undefined],
  [{ prefix: 'B' }, undefined],
  [{ prefix: 'a'.repeat(901) }, undefined],
  [{ after: 'aÄb' }, { prefix: '', startAfter: 'a~' }],
  [{ after: 'a\0b' }, { prefix: '', startAfter: 'a ' }],
  [{ after: 'a_:b' }, { prefix: '', startAfter: 'a_:' }],
  [{ after: '\u{1F600}' }, { prefix: '', startAfter: '~' }],
  [{ after: 'z'.repeat(2000) }, { prefix: '', startAfter: 'z'.repeat(901) }],
])('%j asks for %j', (options, selection) => {
  expect(selectionOf(options)).toEqual(selection)
})

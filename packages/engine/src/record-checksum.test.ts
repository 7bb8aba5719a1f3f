import { expect, it } from 'vitest'
import { checksumTrouble, sealRecord } from './record-checksum.js'

const sealed = sealRecord({ tag: 'ü', version: 1 })

it('a record ends in a checksum of the JSON of its other fields', () => {
  // printf '{"tag":"ü","version":1}' | sha256sum
  const checksum = 'sha256:b7880cf933cd38c3eb3caf0df6815de5af2ba7f23364518323706a8d159c54c7'
  expect(sealed.toString()).toBe(`{"tag":"ü","version":1,"checksum":"${checksum}"}`)
  expect(checksumTrouble(sealed)).toBeUndefined()
})

it.each([0x01, 0x20, 0x80])('whatever byte of a record is wrong by %i, its checksum does not fit', (mask) => {
  for (const [n, byte] of sealed.entries()) {
    const damaged = Buffer.from(sealed)
    damaged[n] = byte ^ mask
    expect(checksumTrouble(damaged), damaged.toString('latin1')).toMatch(/checksum/)
  }
})

it('a record without a checksum, or cut, is in trouble', () => {
  for (const text of ['{}', '', '{"checksum":"sha256:"}', sealed.subarray(0, -1).toString(), sealed.toString().replace(/"sha256:.*"/, '7')]) {
    expect(checksumTrouble(Buffer.from(text)), text).toBe('it does not end in a checksum')
  }
})

it('a checksum that does not fit is told, for whoever mends the record', () => {
  const wrong = Buffer.from(sealed.toString().replace('"version":1', '"version":2'))
  expect(checksumTrouble(wrong)).toBe(`its other fields have the checksum ${/sha256:[0-9a-f]+/.exec(sealRecord({ tag: 'ü', version: 2 }).toString())![0]}`)
})

it('a line feed at the end, as editors put it, is no damage', () => {
  expect(checksumTrouble(Buffer.concat([sealed, Buffer.from('\n')]))).toBeUndefined()
  expect(checksumTrouble(Buffer.concat([sealed, Buffer.from('\n\n')]))).toBeDefined()
})

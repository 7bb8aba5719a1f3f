import { RegistryError } from '@registry/core'
import { describe, expect, it } from 'vitest'
import { checkShape } from './manifest-shape.js'

function refusal(text: string, depth = 64): string | undefined {
  try {
    checkShape(text, depth)
    return undefined
  } catch (error) {
    expect(RegistryError.is(error, 'MANIFEST_INVALID')).toBe(true)
    return (error as Error).message
  }
}

describe('the shape of a manifest', () => {
  it.each([
    ['{"layers":[],"layers":[]}', 'the manifest has the field "layers" twice'],
    ['{"layers":[],"l\\u0061yers" : []}', 'the manifest has the field "layers" twice'],
    ['{"layers":[],\n"mediaType"\t:"a","config":{},"mediaType":"b"}', 'the manifest has the field "mediaType" twice'],
    ['{"layers":[],"Layers":[]}', 'the manifest has a field "Layers"; it is spelled "layers"'],
    ['{"MEDIATYPE":"a"}', 'the manifest has a field "MEDIATYPE"; it is spelled "mediaType"'],
  ])('is not that of %s', (text, message) => {
    expect(refusal(text)).toBe(message)
  })

  it.each([
    '{"config":{"layers":1},"layers":2,"annotations":{"layers":"3","Layers":"4"}}',
    '{"x":"layers","layers":1}',
    '{"x":["layers",{"layers":1}],"layers":1}',
    '{"a\\"layers":1,"layers":"\\\\","note":"{\\"layers\\":["}',
    '{"x":1,"x":2,"X":3,"__proto__":4,"constructor":5}',
  ])('may be that of %s', (text) => {
    expect(refusal(text)).toBeUndefined()
  })

  it('is as deep as the limit, and no deeper', () => {
    for (const [open, close] of [['[', ']'], ['{"a":', '}']] as const) {
      expect(refusal(open.repeat(5) + '1' + close.repeat(5), 5)).toBeUndefined()
      expect(refusal(open.repeat(6) + '1' + close.repeat(6), 5)).toBe('the manifest is nested deeper than 5 levels')
    }
    expect(refusal('[[]]'.repeat(100), 5)).toBeUndefined()
    expect(refusal(JSON.stringify({ text: '['.repeat(100) }), 5)).toBeUndefined()
  })

  it.each(['', '"', '"\\', '{"a', '{"a" ', '{"\\q":1}', ']]]', '"'.repeat(1001), '"\\"'.repeat(1000)])('of %j is nothing to it: the parser refuses what is no JSON', (text) => {
    expect(refusal(text)).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { describeOrigin, isSet, type Origin } from './setting.js'

const origin = { kind: 'command line', option: '--port' } as const

describe('isSet', () => {
  it('takes an empty text and null without a text for nothing', () => {
    const unset = [{ text: '', value: '' }, { text: '', value: undefined }, { value: null }, { value: undefined }]
    expect(unset.map((setting) => isSet({ ...setting, origin }))).toEqual([false, false, false, false])
  })

  it('takes any other text for something, though YAML makes nothing of it', () => {
    const set = [
      { text: 'null', value: null }, { text: '~', value: null }, { text: '[', value: undefined }, { text: ' ', value: undefined },
      { text: '0', value: 0 },
    ]
    expect(set.map((setting) => isSet({ ...setting, origin }))).toEqual([true, true, true, true, true])
  })

  it('takes false, zero and an empty list for something', () => {
    expect([false, 0, []].map((value) => isSet({ value, origin }))).toEqual([true, true, true])
  })
})

describe('describeOrigin', () => {
  it('names what somebody has to change', () => {
    const origins: readonly Origin[] = [
      { kind: 'default' },
      { kind: 'file', file: 'config.yml', path: 'prod.cache.host' },
      { kind: 'environment', variable: 'REGISTRY_PORT' },
      { kind: 'environment', variable: 'AWS_BUCKET', file: 'config.yml', path: 's3.s3_bucket' },
      { kind: 'command line', option: '--port' },
    ]
    expect(origins.map(describeOrigin)).toEqual([
      'default', 'config.yml: prod.cache.host', 'REGISTRY_PORT', 'AWS_BUCKET (config.yml: s3.s3_bucket)', '--port',
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { oddStrings } from '../test/odd-strings.js'
import { isNonDistributable, isSchemaOne, mediaTypes, parseMediaType } from './media-type.js'

describe('parseMediaType', () => {
  it('leaves parameters, case and white space out', () => {
    expect(parseMediaType(' Application/VND.oci.image.Manifest.v1+JSON ; charset=utf-8; q=";"')).toBe(mediaTypes.imageManifest)
  })

  it('is empty where there is none', () => {
    expect([undefined, '', ' ', ';charset=utf-8'].map(parseMediaType)).toEqual(['', '', '', ''])
  })

  it('throws nothing', () => {
    for (const text of oddStrings()) expect(typeof parseMediaType(text)).toBe('string')
  })
})

describe('kinds of media types', () => {
  it('knows schema 1', () => {
    expect(isSchemaOne('application/vnd.docker.distribution.manifest.v1+prettyjws')).toBe(true)
    expect(isSchemaOne('application/vnd.docker.distribution.manifest.v1+json')).toBe(true)
    expect(isSchemaOne(mediaTypes.dockerManifest)).toBe(false)
  })

  it('knows layers that may be absent', () => {
    expect(isNonDistributable('application/vnd.oci.image.layer.nondistributable.v1.tar+gzip')).toBe(true)
    expect(isNonDistributable('application/vnd.docker.image.rootfs.foreign.diff.tar.gzip')).toBe(true)
    expect(isNonDistributable('application/vnd.oci.image.layer.v1.tar+gzip')).toBe(false)
    expect(isNonDistributable('')).toBe(false)
  })
})

import { assertEntryKey, isObjectKey } from '@registry/core'
import { describe, expect, it } from 'vitest'
import { blobObjectKey, idPrefixes, ownerOfObject, recordObjectKey, rowKeys } from '../src/keyspace.js'
import { digestOf } from './support/images.js'

const digest = digestOf('x')
const id = '0123456789abcdef0123456789abcdef'

function tagKey(tag: string, repository = 'a'): string {
  return recordObjectKey({ kind: 'tag', repository, tag, version: 1 }, 1)
}

function repositoryKey(repository: string, version = 1): string {
  return recordObjectKey({ kind: 'repository', repository, version }, version)
}

/** A generator of numbers below a bound, the same in each run. */
function numbers(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % bound
  }
}

describe('object keys', () => {
  it('begin an object with two digits of its upload', () => {
    expect(blobObjectKey(id, 12, 'abcd1234')).toBe(`blobs/01/${id}-12-abcd1234`)
    expect(ownerOfObject(blobObjectKey(id, 12, 'abcd1234'))).toBe(id)
  })

  it('end with a version in twenty digits, so that they sort as versions do', () => {
    const versions = [1, 2, 9, 10, 11, 99, 100, 1_000_000, Number.MAX_SAFE_INTEGER]
    const keys = versions.map((version) => repositoryKey('a', version))
    expect(keys.toSorted()).toEqual(keys)
    expect(keys[0]).toBe('repositories/a/_repository/00000000000000000001')
  })

  it('are those of the layout', () => {
    const version = 7
    const number = '00000000000000000007'
    expect(recordObjectKey({ kind: 'repository', repository: 'a/b.c', version }, version)).toBe(`repositories/a/b.c/_repository/${number}`)
    const manifest = { kind: 'manifest', repository: 'a/b', digest, version } as const
    expect(recordObjectKey(manifest, version)).toBe(`repositories/a/b/_manifests/sha256/${digest.slice(7)}/${number}`)
    const tag = { kind: 'tag', repository: 'a/b', tag: 'v1.0-RC_1', version } as const
    expect(recordObjectKey(tag, version)).toBe(`repositories/a/b/_tags/${digestOf('v1.0-RC_1').slice(7, 9)}/v1.0-!r!c_1/${number}`)
    const moved = { kind: 'moved', digest, from: `blobs/01/${id}-0-abcd1234`, version } as const
    expect(recordObjectKey(moved, version)).toBe(`blobs/01/${id}-0-abcd1234!moved-${number}`)
  })

  it('tell capitals from small letters', () => {
    const tags = ['latest', 'Latest', 'LATEST', 'lAtest', '_latest', 'a', 'A', 'aa', 'aA', 'Aa', 'AA', 'a.', 'a..', 'a-', '_']
    expect(new Set(tags.map((tag) => tagKey(tag))).size).toBe(tags.length)
    expect(tagKey('LaTeST')).toContain('/!la!te!s!t/')
    for (const tag of tags) expect(isObjectKey(tagKey(tag))).toBe(true)
  })

  it('have a hash in place of a segment that is too long, which no other text has', () => {
    const longest = 'A'.repeat(128)
    expect(tagKey(longest).split('/')[4]).toBe(`!!${digestOf(longest).slice(7)}`)
    expect(tagKey('A'.repeat(100)).split('/')[4]).toBe('!a'.repeat(100))
    expect(tagKey('A'.repeat(101)).split('/')[4]).toMatch(/^!![0-9a-f]{64}$/)
    expect(tagKey('a'.repeat(128)).split('/')[4]).toBe('a'.repeat(128))
    expect(repositoryKey('a'.repeat(200)).split('/')[1]).toBe('a'.repeat(200))
    expect(repositoryKey('a'.repeat(201)).split('/')[1]).toBe(`!!${digestOf('a'.repeat(201)).slice(7)}`)
  })

  it('are tame and all different for names and tags up to their limits', () => {
    const number = numbers(42)
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-'
    const first = letters.slice(0, -2)
    const text = (length: number, alphabet: string): string => Array.from({ length }, () => alphabet[number(alphabet.length)]!).join('')
    const keys = new Set<string>()
    const tags = new Set<string>()
    for (let n = 0; n < 3000; n++) {
      const tag = text(1, first) + text(number(n % 2 ? 128 : 3), letters)
      tags.add(tag)
      const key = tagKey(tag)
      keys.add(key)
      if (!isObjectKey(key)) expect.fail(`${tag} gives ${key}`)
    }
    expect(keys.size).toBe(tags.size)
    const simple = letters.slice(0, 26)
    for (const parts of [1, 2, 5, 50, 127]) {
      const length = Math.floor((255 - parts + 1) / parts)
      const repository = Array.from({ length: parts }, () => text(length, simple)).join('/')
      const records = [
        recordObjectKey({ kind: 'repository', repository, version: 1 }, Number.MAX_SAFE_INTEGER),
        recordObjectKey({ kind: 'manifest', repository, digest: digestOf(repository, 'sha512'), version: 1 }, Number.MAX_SAFE_INTEGER),
        tagKey('z'.repeat(128), repository),
        tagKey('Z'.repeat(128), repository),
      ]
      for (const key of records) if (!isObjectKey(key)) expect.fail(`${repository} gives ${key}`)
    }
  })

  it('never make a folder of a key', () => {
    const tags = ['tag', '00000000000000000001']
    const keys = ['a', 'a/b', 'a/b/c', 'blobs', 'a/tags'].flatMap((name) => [repositoryKey(name), ...tags.map((tag) => tagKey(tag, name))])
    for (const key of keys) for (const other of keys) expect(other.startsWith(`${key}/`)).toBe(false)
  })
})

describe('row keys', () => {
  it('fit in an index for the longest names', () => {
    const repository = 'a'.repeat(255)
    const long = digestOf('x', 'sha512')
    for (const key of [
      rowKeys.repository(repository, 16),
      rowKeys.tag(repository, 't'.repeat(128)),
      rowKeys.taggedBy(repository, long, 't'.repeat(128)),
      rowKeys.manifest(repository, long),
      rowKeys.referrer(repository, long, long),
      rowKeys.doomedManifest(repository, id),
      rowKeys.link(repository, long),
      rowKeys.blob(long),
      rowKeys.used(long, repository, long, id),
      rowKeys.objectOwner(id),
      rowKeys.push(id),
      rowKeys.upload(id),
      rowKeys.due(id),
      rowKeys.trash(id),
      rowKeys.owner(),
    ]) {
      assertEntryKey(key)
    }
  })

  it('are those of the keyspace', () => {
    const at = ({ partition, sort }: { readonly partition: string; readonly sort: string }): string => `${partition} ${sort}`
    expect(at(rowKeys.tag('a/b', 't'))).toBe('tags/a/b t')
    expect(at(rowKeys.taggedBy('a', digest, 't'))).toBe(`tagged/a/${digest} t`)
    expect(at(rowKeys.manifest('a', digest))).toBe(`manifests/a ${digest}`)
    expect(at(rowKeys.referrer('a', digest, digest))).toBe(`referrers/a/${digest} ${digest}`)
    expect(at(rowKeys.doomedManifest('a', id))).toBe(`doomed/a ${id}`)
    expect(at(rowKeys.link('a', digest))).toBe(`links/a ${digest}`)
    expect(at(rowKeys.blob(digest))).toBe(`blobs/${digest.slice(7, 9)} ${digest}`)
    expect(at(rowKeys.used(digest, 'a', digest, id))).toBe(`used/${digest} a@${digest}@${id}`)
    const byId = { objects: rowKeys.objectOwner, pushes: rowKeys.push, uploads: rowKeys.upload, due: rowKeys.due, trash: rowKeys.trash }
    for (const [kind, key] of Object.entries(byId).map(([name, keyOf]) => [name, keyOf(id)] as const)) {
      expect(at(key)).toBe(`${kind}/01 ${id}`)
    }
  })

  it('spread repositories over all shards, each always in the same', () => {
    for (const spread of [1, 4, 16]) {
      const shards = new Set(Array.from({ length: 500 }, (_, n) => rowKeys.repository(`repository${n}`, spread).partition))
      expect([...shards].sort()).toEqual(rowKeys.repositories(spread))
      expect(rowKeys.repository('a', spread)).toEqual(rowKeys.repository('a', spread))
    }
    expect(rowKeys.repositories(16)).toHaveLength(16)
    expect(idPrefixes).toHaveLength(256)
  })
})

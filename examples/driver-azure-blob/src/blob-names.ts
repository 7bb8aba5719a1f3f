import { isObjectKey } from '@registry/core'

/** Azure takes 254 segments in a name; a root takes some of them. */
const slashes = 150

/** Names of blobs for keys, whose order is that of the keys. */
export interface BlobNames {
  of(key: string): string
  /** `undefined` where the name is not that of a key. */
  keyOf(name: string): string | undefined
  /** What begins the names of all keys that begin with `prefix`; `undefined` where no key does. */
  prefix(prefix: string): string | undefined
  /** A name of its own, which is none of a key. */
  temporary(id: string): string
}

/**
 * A segment that ends in a dot is not safe in Azure, and the 255th segment is refused. Both are avoided without a change
 * of order: `-`, `.` and the slashes behind the 150th each take the place in ASCII of the character before them, `,`, `-` and `.`.
 */
export function blobNames(root: string): BlobNames {
  const beginning = root === '' ? '' : `${root}/`
  const keyOf = (name: string): string | undefined => {
    const key = name.startsWith(beginning) ? decode(name.slice(beginning.length)) : ''
    return isObjectKey(key) && beginning + encode(key) === name ? key : undefined
  }
  return {
    of: (key) => beginning + encode(key),
    keyOf,
    prefix: (prefix) => (/^[a-z0-9._!/-]{0,900}$/.test(prefix) ? beginning + encode(prefix) : undefined),
    temporary: (id) => `${root}@tmp/${id}`,
  }
}

function encode(key: string): string {
  let count = 0
  return key.replaceAll(/[-./]/g, (character) => {
    if (character === '-') return ','
    if (character === '.') return '-'
    return count++ < slashes ? '/' : '.'
  })
}

function decode(name: string): string {
  return name.replaceAll('.', '/').replaceAll('-', '.').replaceAll(',', '-')
}

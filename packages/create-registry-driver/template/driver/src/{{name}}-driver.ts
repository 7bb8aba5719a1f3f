import { assertObjectKey, type CallOptions, type Driver, RegistryError } from '@registry/core'
import { notWritten } from './not-written.js'

export interface {{Type}}Options {
  /** What the names of all objects begin with. */
  readonly root: string
  /** The most bytes that one object may have. Default: 1 GiB. */
  readonly objectBytes?: number | undefined
}

/**
 * Keeps bytes in …
 *
 * @throws `CONFIG` where an option is wrong, `ACCESS_DENIED` or `UNAVAILABLE` where the backend does not let it in
 */
export async function {{factory}}({ root, objectBytes = 2 ** 30 }: {{Type}}Options): Promise<Driver> {
  await connect(root)
  let closed = false
  const enter = ({ signal }: CallOptions, ...keys: readonly string[]): void => {
    if (closed) throw new RegistryError('CLOSED', `the driver of ${root} was closed`, { driver: '{{name}}' })
    signal?.throwIfAborted()
    keys.forEach(assertObjectKey)
  }

  return {
    contract: 1,
    name: '{{name}}',
    capabilities: Object.freeze({ presign: false, limits: Object.freeze({ objectBytes }) }),
    async head(key, options = {}) {
      enter(options, key)
      return notWritten('head', 'return { key, size, modified } of the object, and undefined where there is none')
    },
    async open(key, options = {}) {
      enter(options, key)
      return notWritten('open', 'return the bytes of the object, those of options.range with resolveRange, ended by the signal with abortable')
    },
    async put(key, _body, options = {}) {
      enter(options, key)
      return notWritten('put', 'read the body through checkedBody, and let the object appear whole and durable when all of it is there')
    },
    async delete(keys, options = {}) {
      enter(options, ...keys)
      return notWritten('delete', 'delete the objects; one that is absent is fine')
    },
    async *list(options = {}) {
      enter(options)
      yield notWritten('list', 'yield { key, size, modified } of each object whose key begins with options.prefix and is behind options.after, by the bytes of the keys')
    },
    async close() {
      closed = true
    },
  }
}

async function connect(root: string): Promise<void> {
  notWritten('connect', `reach the backend, and make what is missing for the objects of ${root}`)
}

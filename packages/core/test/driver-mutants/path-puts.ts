import { bodyOf, store } from './mutant.js'
import { besides, gathered, path, puts, type PathMutant } from './path.js'

const mebibyte = 2 ** 20

/** Puts that are right where no size is declared, or where the body is small, or for one instance. */
export const pathPutMutants: readonly PathMutant[] = [
  path('put/aborted', 'put-declared-no-signal', 'a put with a declared size below 5 MiB, one request, does not look at its signal', (driver) => ({
    put: (key, body, options = {}) => driver.put(key, body, (options.size ?? 5 * mebibyte) < 5 * mebibyte ? { size: options.size } : options),
  })),
  path('walk/one-instance', 'put-declared-references', 'with a declared size, chunks are kept and not copied',
    (driver) => puts(driver, async (_, body, { size }) => {
    if (size === undefined) return bodyOf(...await gathered(body))
    const kept: Uint8Array[] = []
    for await (const chunk of body) kept.push(chunk)
    return bodyOf(...kept)
  })),
  path('walk/one-instance', 'put-declared-neighbours', 'with a declared size, a chunk is taken from the beginning of its buffer',
    (driver) => puts(driver, async (_, body, { size }) => {
    if (size === undefined) return bodyOf(...await gathered(body))
    const kept: Uint8Array[] = []
    for await (const chunk of body) kept.push(new Uint8Array(chunk.buffer.slice(0, chunk.byteLength) as ArrayBuffer))
    return bodyOf(...kept)
  })),
  path('walk/one-instance', 'put-declared-empty-ends', 'with a declared size, an empty chunk ends the body',
    (driver) => puts(driver, async (_, body, { size }) => {
    const chunks = await gathered(body)
    const end = size === undefined ? -1 : chunks.findIndex(({ byteLength }) => byteLength === 0)
    return bodyOf(...end < 0 ? chunks : chunks.slice(0, end))
  })),
  path('put/failed-beside-others', 'put-failure-deletes', 'a put of a new key that fails with its size declared deletes what is under the key by then',
    (driver, storage) => ({
    async put(key, body, options) {
      const isNew = !storage.has(key)
      try {
        return await driver.put(key, body, options)
      } catch (error) {
        if (isNew && options?.size !== undefined) storage.delete(key)
        throw error
      }
    },
  })),
  path('put/large-declared', 'parts-by-name', 'parts of 8 MiB are put together in the order of their names: 1, 10, 2',
    (driver) => puts(driver, async (_, body) => {
    const bytes = Buffer.concat(await gathered(body))
    const parts = Array.from({ length: Math.ceil(bytes.byteLength / (8 * mebibyte)) }, (_part, index) => index)
    const byName = parts.toSorted((a, b) => (`${a + 1}` < `${b + 1}` ? -1 : 1))
    return bodyOf(...byName.map((part) => bytes.subarray(part * 8 * mebibyte, (part + 1) * 8 * mebibyte)))
  })),
  path('put/large-boundaries', 'parts-of-ten', 'of a body that fills parts of 10 MiB, the last byte is lost', (driver, storage) => ({
    async put(key, body, options) {
      const stored = await driver.put(key, body, options)
      if (stored.size > 0 && stored.size % (10 * mebibyte) === 0) store(storage, key, storage.get(key)!.bytes.subarray(0, -1))
      return stored
    },
  })),
  path('put/large-writers', 'parts-counted', 'parts behind 5 MiB are named by a counter of the instance', (driver, storage) => {
    const parts = partsOf(storage)
    let count = 0
    return puts(driver, async (key, body) => {
      const id = ++count
      const chunks: (() => Uint8Array)[] = []
      let size = 0
      for await (const chunk of body) {
        const [copy, name] = [Uint8Array.from(chunk), `${key} ${id} ${chunks.length}`]
        size += chunk.byteLength
        if (size > 5 * mebibyte) parts.set(name, copy)
        chunks.push(() => parts.get(name) ?? copy)
      }
      return bodyOf(...chunks.map((chunk) => chunk()))
    })
  }),
  ...(['open', 'close'] as const).map((when) =>
    path('instances/come-and-go', `${when}-cleans-up`, `${when} throws away the puts that are under way in other instances`, (driver, storage) => {
      const running = puttingOf(storage)
      const own = Symbol(when)
      const cleanUp = (): void => {
        for (const [chunks, owner] of running) if (owner !== own) chunks.length = 0
      }
      if (when === 'open') cleanUp()
      return {
        ...puts(driver, async (_, body) => {
          const chunks: Uint8Array[] = []
          running.set(chunks, own)
          for await (const chunk of body) chunks.push(Uint8Array.from(chunk))
          running.delete(chunks)
          return bodyOf(...chunks)
        }),
        async close() {
          if (when === 'close') cleanUp()
          await driver.close()
        },
      }
    })),
]

const partsOf = besides<Map<string, Uint8Array>>(() => new Map())
const puttingOf = besides<Map<Uint8Array[], symbol>>(() => new Map())

// Puts and deletes objects through a driver, and tells of each when it is done: `driver-work.mjs PACKAGE OPTIONS`.
import { createHash } from 'node:crypto'
import { told } from './say.mjs'

const [name, options] = process.argv.slice(2)
const { driver: module } = await import(name)

async function* body(bytes) {
  yield bytes.subarray(0, 10)
  yield bytes.subarray(10)
}
const put = (driver, key, text) => {
  const bytes = Buffer.from(text)
  return told([{ thing: key, state: createHash('sha256').update(bytes).digest('hex') }], () => driver.put(key, body(bytes)))
}
const remove = (driver, ...keys) => told(keys.map((thing) => ({ thing, state: 'absent' })), () => driver.delete(keys))

const first = await module.open(JSON.parse(options))
await put(first, 'a/b/c', 'the first object, in folders that are new')
await put(first, 'a/b/d', 'another one beside it')
await put(first, 'a/e/f', 'one in a folder beside theirs')
await put(first, 'g', 'one without a folder')
await put(first, 'a/b/c', 'the first object again, and longer than it was before')
await remove(first, 'a/b/d', 'g')
// At once, in a folder that both make.
await Promise.all(['h/i/1', 'h/i/2', 'h/j/3'].map((key) => put(first, key, `one of several at once: ${key}`)))
await first.close()

const second = await module.open(JSON.parse(options))
await put(second, 'a/b/k', 'one in a folder of an earlier start')
await remove(second, 'a/b/c')
await put(second, 'a/b/c', 'the first object, after it was deleted')
await remove(second, 'h/i/1', 'h/i/2', 'absent')
await second.close()

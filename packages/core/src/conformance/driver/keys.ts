import { expectContents, keyBytes, putKeys, type DriverCase } from './objects.js'

/** A case that all of these keys can be put, read, listed and deleted, each as an object of its own. */
function holds(id: string, clause: string, keys: readonly string[]): DriverCase {
  return {
    id,
    clause,
    async run({ open }) {
      const driver = await open()
      await putKeys(driver, keys)
      await expectContents('after the puts', driver, Object.fromEntries(keys.map((key) => [key, keyBytes(key)])))
      await driver.delete(keys)
      await expectContents('after their delete', driver, {})
    },
  }
}

const segment = (letter: string): string => letter.repeat(200)

export const keyCases: readonly DriverCase[] = [
  holds('keys/alphabet', 'A segment has any of a-z 0-9 . _ - ! in any order.', [
    ...Array.from('abcdefghijklmnopqrstuvwyz0123456789_-!'),
    ...['...', '..a', '.a', 'a.', 'a..', '-a', '--', '!!', 'a!b', '_._', '0.0-0_0!0', 'a-z/0-9/._-!'].map((key) => `x/${key}`),
  ]),
  holds('keys/distinct', 'Different keys are different objects, however alike they look.', [
    'a/b', 'a-b', 'a_b', 'a.b', 'a!b', 'a--b', 'a__b', 'a!2fb', 'a.2fb', 'ab', 'a/b.tmp', 'a/b.json', 'a/b.meta', 'a/.b', 'a/b!', 'a/b-1',
  ]),
  holds('keys/longest-segment', 'A segment has up to 200 bytes.', [segment('a'), `a/${segment('b')}`, `${segment('c')}/${segment('d')}`]),
  holds('keys/longest', 'A key has up to 900 bytes.', [
    [segment('a'), segment('b'), segment('c'), segment('d'), 'e'.repeat(96)].join('/'),
    [segment('a'), segment('b'), segment('c'), segment('d'), 'f'.repeat(96)].join('/'),
  ]),
  holds('keys/deepest', 'A key has as many segments as fit.', [`${'a/'.repeat(449)}ab`]),
]

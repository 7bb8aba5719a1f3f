import { expect, it } from 'vitest'
import { withoutUserinfo } from './userinfo.js'

it.each([
  ['postgresql://user:pass@db/registry', 'postgresql://********@db/registry'],
  ['http://token@proxy:3128', 'http://********@proxy:3128'],
  ['a http://u:p@ss@one/ and https://u:p@two/x@y', 'a http://********@one/ and https://********@two/x@y'],
  ['https://registry.example.com/@scope', 'https://registry.example.com/@scope'],
  ['me@example.com', 'me@example.com'],
])('of %s nothing is told that is secret', (text, shown) => {
  expect(withoutUserinfo(text)).toBe(shown)
})

import { expect, it } from 'vitest'
import { sentHeaders } from './sent-headers.js'

it('finds every line of a header, in any case, and no value that is called so', () => {
  const rawHeaders = ['Host', 'a', 'Accept', 'host', 'HOST', 'b', 'constructor', 'x', '__proto__', 'y']
  expect(sentHeaders({ rawHeaders }, 'host')).toEqual(['a', 'b'])
  expect(sentHeaders({ rawHeaders }, 'accept')).toEqual(['host'])
  expect(sentHeaders({ rawHeaders }, 'range')).toEqual([])
})

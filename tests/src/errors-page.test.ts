import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCodes } from '@registry/core'
import { expect, it } from 'vitest'
import { root } from './repository.js'

it('docs/errors.md lists the codes of core, with their meaning, in their order', () => {
  const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (.*?) \| .+ \|$/gm)].map(([, code, meaning]) => [code, meaning])
  expect(rows).toEqual(Object.entries(errorCodes))
})

// `npm run spec-coverage`: writes docs/spec-coverage.md from the clauses of the specification and the titles of the tests.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pageFile, pageOf } from '../tests/src/spec/page.mjs'
import { readTitles } from '../tests/src/spec/titles.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
writeFileSync(join(root, pageFile), pageOf(readTitles(root)))

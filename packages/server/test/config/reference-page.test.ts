import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { OptionsSchema } from '@registry/core'
import { driver } from '@registry/driver-file'
import { index } from '@registry/index-sqlite'
import { describe, expect, it } from 'vitest'
import { findConfigFile } from '../../src/config/config-file.js'
import { laterFeatures, laterOptions } from '../../src/config/later-options.js'
import { sectionOf } from '../../src/config/option-names.js'
import { optionRows } from '../../src/config/option-rows.js'
import { ownOptions } from '../../src/config/own-options.js'
import { referenceTable } from '../../src/config/reference.js'

const page = fileURLToPath(new URL('../../../../docs/configuration.md', import.meta.url))
const schemas: Readonly<Record<string, OptionsSchema>> = { own: ownOptions, file: sectionOf(driver), sqlite: sectionOf(index), later: laterOptions }

describe('docs/configuration.md', () => {
  // `vitest run test/config/reference-page -u` writes them.
  it('has the tables of all options as their schemas say', async () => {
    const sample = await findConfigFile(undefined, {})
    const text = readFileSync(page, 'utf8')
    expect([...text.matchAll(/^<!-- table: (\w+) -->$/gm)].map(([, name]) => name)).toEqual(Object.keys(schemas))
    const filled = text.replaceAll(/(<!-- table: (\w+) -->\n)[^]*?(<!-- end -->)/g, (_all, start: string, name: string, end: string) => `${start}\n${referenceTable(schemas[name]!, sample)}\n\n${end}`)
    await expect(filled).toMatchFileSnapshot(page)
  })

  it('has a sentence for each option, and a variable of its own', async () => {
    const rows = optionRows(Object.assign({}, ...Object.values(schemas)) as OptionsSchema, await findConfigFile(undefined, {}))
    expect(rows.filter(({ meaning }) => !/^[`\w].*\.$/.test(meaning)).map(({ option }) => option)).toEqual([])
    const variables = rows.map(({ variables: [own] }) => own)
    expect(variables).toEqual([...new Set(variables)])
  })

  it('tells of each option of a later version that it is not active', () => {
    const options = laterFeatures.flatMap((feature) => feature.options)
    expect(Object.keys(laterOptions).filter((option) => !options.some((each) => option === each || option.startsWith(each)))).toEqual([])
  })
})

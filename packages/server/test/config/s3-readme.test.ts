import { readFileSync } from 'node:fs'
import { driver } from '@registry/driver-s3'
import { describe, expect, it } from 'vitest'
import { sampleFile } from '../../src/config/config-file.js'
import { heritageOf } from '../../src/config/heritage-storages.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { loadText } from './support/load.js'

const environment = Object.fromEntries(['S3_KEY', 'S3_SECRET', 'GCS_SECRET', 'R2_SECRET', 'OSS_SECRET'].map((name) => [name, 'x']))

describe.each(['packages/driver-s3/README.md', 'docs/s3.md'])('each configuration in %s', (page) => {
  const text = readFileSync(new URL(`../../../../${page}`, import.meta.url), 'utf8')
  const blocks = [...text.matchAll(/^#+ ([^\n]*)$[^#]*?^```yaml\n(.*?)^```$/gms)].map(([, heading = '', block = '']) => [heading, block] as const)

  it('is found', () => {
    expect(blocks).toHaveLength(text.split('```yaml').length - 1)
    expect(blocks.length).toBeGreaterThan(0)
  })

  it.each(blocks)('is whole, and without a warning: %s', async (_, block) => {
    const { storage, index, warnings } = await loadText(temporaryFolder(), block, { environment })
    expect([storage.module.name, storage.options['bucket'], index.module.name, warnings]).toEqual(['s3', 'my-layers', 'sqlite', []])
  })
})

describe('the table of older options in docs/s3.md', () => {
  const page = readFileSync(new URL('../../../../docs/s3.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `([\w.]+)` \| (\S+) \| (\S+) \| (.*) \|$/gm)].map(([, option = '', ...cells]) => [option, ...cells.map(plain)] as const)
  const sample = readFileSync(sampleFile, 'utf8')

  it('has each option of the older storages', () => {
    const ofStorages = ['s3', 'gcs', 'oss'].flatMap((storage) => Object.keys({ ...heritageOf(storage).options, ...heritageOf(storage).refused }))
    const ofSample = [...sample.matchAll(/^ +((?:s3|gs|oss|boto)_\w+):/gm)].map(([, option = '']) => option)
    expect(rows.map(([option]) => option).sort()).toEqual([...new Set(['storage_path', ...ofStorages, ...ofSample])].sort())
  })

  it.each(rows)('tells of %s what the sample and the driver say', (option, variable, preset, meaning) => {
    const line = `${option.replace(/.*\./, '')}: _env:${variable}${preset === '–' ? '' : `:${preset}`}\n`
    if (variable !== '–') expect(sample).toContain(line)
    else expect(sample).not.toContain(` ${option}:`)
    const name = /^`?(\w+)/.exec(meaning)?.[1] ?? ''
    if (name === 'refused') expect(heritageOf('gcs').refused).toHaveProperty(option)
    else expect(driver.options).toHaveProperty(name)
  })
})

function plain(cell: string): string {
  return /^`[^`]*`$/.test(cell) ? cell.slice(1, -1) : cell
}

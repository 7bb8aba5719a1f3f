import { indexCases, indexConformance, runCase } from '@registry/core/conformance'
import { describe, inject, it } from 'vitest'
import { postgresHarness } from './postgres-harness.js'

indexConformance({
  name: 'postgres',
  describe,
  it: (title, body) => {
    it(title, body, 120_000)
  },
  harness: postgresHarness(inject('trigramsUrl')),
})

describe('postgres without pg_trgm, and with another isolation by default', () => {
  for (const each of indexCases.filter(({ id }) => /search|^revision|write-skew/.test(id))) {
    it(`${each.id}: ${each.clause}`, () => runCase(each, postgresHarness(inject('plainUrl'))), 120_000)
  }
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { driverConformance } from '@registry/core/conformance'
import { describe, it } from 'vitest'
import { flatDriver } from './flat-driver.js'

driverConformance({
  name: 'flat',
  describe,
  it: (title, body) => {
    it(title, body, 60_000)
  },
  async harness() {
    const root = await mkdtemp(join(tmpdir(), 'flat-'))
    return {
      open: () => flatDriver({ root, objectBytes: 1_000_000 }),
      destroy: () => rm(root, { recursive: true }),
    }
  },
})

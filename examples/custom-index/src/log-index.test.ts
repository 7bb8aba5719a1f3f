import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { indexConformance } from '@registry/core/conformance'
import { describe, it } from 'vitest'
import { logIndex } from './log-index.js'

indexConformance({
  name: 'log',
  describe,
  it: (title, body) => {
    it(title, body, 60_000)
  },
  async harness() {
    const folder = await mkdtemp(join(tmpdir(), 'log-'))
    return {
      open: () => logIndex({ file: join(folder, 'log.ndjson') }),
      destroy: () => rm(folder, { recursive: true }),
    }
  },
})

import { availableParallelism } from 'node:os'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** What every package's tests share: where they are, and a report that `npm test` adds up. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: 'reports/vitest.json' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most tests wait for a disk, a client or a store now and then: one more than cores has them all at work.
    maxWorkers: availableParallelism() + 1,
  },
})

export default config

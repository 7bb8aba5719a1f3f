import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import { longestFirst } from '../../vitest.longest-first.js'
import shared from '../../vitest.package.js'

const config: ViteUserConfig = mergeConfig(shared, {
  test: {
    globalSetup: ['@registry/services/ceph-setup', '@registry/services/dynamodb-setup'],
    sequence: { sequencer: longestFirst(['/interleaving/', '/lost-commits.', '/sweeps.', '/damaged-records.']) },
  },
})

export default config

import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import { longestFirst } from '../../vitest.longest-first.js'
import shared from '../../vitest.package.js'

const longest = ['/replicas/', '/test/rebuild.', '/s3/clients.', '/packed/', '/properties/', '/durability/', '/image.', '/workers.', '/equality.', '/dynamodb/costs.', '/s3/memory.']

const config: ViteUserConfig = mergeConfig(shared, {
  test: {
    globalSetup: ['@registry/services/ceph-setup', '@registry/services/dynamodb-setup'],
    sequence: { sequencer: longestFirst(longest) },
  },
})

export default config

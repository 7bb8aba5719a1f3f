import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import { longestFirst } from '../../vitest.longest-first.js'
import shared from '../../vitest.package.js'

const config: ViteUserConfig = mergeConfig(shared, {
  test: { globalSetup: ['@registry/services/ceph-setup'], sequence: { sequencer: longestFirst(['/conformance']) } },
})

export default config

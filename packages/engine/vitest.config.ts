import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import shared from '../../vitest.package.js'

// One worker less than there are cores is the default: on two, that is one, which waits for the gateway and leaves a core idle.
const config: ViteUserConfig = mergeConfig(shared, { test: { globalSetup: ['@registry/services/ceph-setup'], maxWorkers: 2 } })

export default config

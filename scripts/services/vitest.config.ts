import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import shared from '../../vitest.package.js'

const config: ViteUserConfig = mergeConfig(shared, { test: { globalSetup: ['src/ceph-setup.ts', 'src/dynamodb-setup.ts'] } })

export default config

import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import shared from '../../vitest.package.js'

const config: ViteUserConfig = mergeConfig(shared, { test: { globalSetup: ['@registry/services/dynamodb-setup'] } })

export default config

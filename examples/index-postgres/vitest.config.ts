import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import shared from '../../vitest.package.js'

const config: ViteUserConfig = mergeConfig(shared, { test: { globalSetup: './test/global-setup.ts', setupFiles: './test/skip-without-postgres.ts' } })

export default config

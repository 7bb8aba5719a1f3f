import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const packages = join(import.meta.dirname, 'packages')

/** Sources in place of builds: what the tests of one package reach in another counts. */
const alias = readdirSync(packages).flatMap((folder) => {
  const { name, exports } = JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8')) as {
    name: string
    exports: Record<string, string | { default: string }>
  }
  return Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === 'string') return []
    const source = target.default.replace('./dist/', './src/').replace(/\.js$/, '.ts')
    return [{ find: new RegExp(`^${name}${path.slice(1)}$`), replacement: join(packages, folder, source) }]
  })
})

const tested = readdirSync(packages).filter((folder) => existsSync(join(packages, folder, 'vitest.config.ts')))

/** Coverage over all packages in one run. Programs that a test starts run from the build and are not counted. */
const config: ViteUserConfig = defineConfig({
  test: {
    reporters: ['default'],
    projects: tested.map((folder) => ({
      extends: `./packages/${folder}/vitest.config.ts`,
      root: `./packages/${folder}`,
      resolve: { alias },
      test: { name: folder },
    })),
    coverage: {
      enabled: true,
      reportOnFailure: true,
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text', 'html'],
      reportsDirectory: 'coverage',
    },
  },
})

export default config

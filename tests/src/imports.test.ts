import { describe, expect, it } from 'vitest'
import { brokenRules, importsOf, reachedFrom } from './import-rules.js'
import { readManifest, readPackages, root, type Manifest, type Package } from './repository.js'

const shared = new Set(Object.keys(readManifest(root).devDependencies ?? {}))
const packages = readPackages()

describe('imports', () => {
  it.each(packages.map((one) => [one.manifest.name, one] as const))('of %s point towards core', (_name, one) => {
    expect(brokenRules(one, shared)).toEqual([])
  })

  it('of the main entry of core reach no dependency', () => {
    const core = packages.find(({ manifest }) => manifest.name === '@registry/core')
    const reached = [...reachedFrom('src/index.ts', core?.sources ?? [])]
    expect(reached.filter((module) => !module.startsWith('node:'))).toEqual([])
  })
})

describe('the rules refuse', () => {
  const example = (name: string, text: string, manifest: Partial<Manifest> = {}, path = 'src/example.ts'): Package => ({
    folder: '',
    manifest: { name, version: '0.0.0', ...manifest },
    sources: [{ path, text }],
  })
  const declared = (...names: string[]): Partial<Manifest> => ({ devDependencies: Object.fromEntries(names.map((name) => [name, '*'])) })

  it.each([
    ['core that imports a driver', example('@registry/core', "import { fileDriver } from '@registry/driver-file'")],
    ['core that imports the engine, as a type only', example('@registry/core', "import type { Registry } from '@registry/engine'")],
    ['a driver that imports another', example('@registry/driver-s3', "export * from '@registry/driver-file'")],
    ['a driver that imports an index', example('@registry/driver-file', "import '@registry/index-sqlite'")],
    ['an index that imports the engine, late', example('@registry/index-sqlite', "await import('@registry/engine')")],
    ['an engine that imports a driver', example('@registry/engine', "import { fileDriver } from '@registry/driver-file'")],
    ['an engine that imports the server', example('@registry/engine', "import '@registry/server'")],
    ['an engine that speaks HTTP', example('@registry/engine', "import { request } from 'node:http'")],
    ['an engine whose test speaks HTTP', example('@registry/engine', "import fastify from 'fastify'", declared('fastify'), 'test/example.test.ts')],
    ['a driver that depends on the engine', example('@registry/driver-file', '', { dependencies: { '@registry/engine': '*' } })],
    ['a file of another package', example('@registry/server', "import '../../engine/src/index.js'")],
    ['a test in published code', example('@registry/server', "import './app.test.js'")],
    ['a package that is not declared', example('@registry/server', "import pino from 'pino'")],
    ['a package that only the tests declare', example('@registry/server', "import pino from 'pino'", declared('pino'))],
    ['a builtin module without its prefix', example('@registry/server', "import { join } from 'path'")],
  ])('%s', (_title, one) => {
    expect(brokenRules(one, shared)).not.toEqual([])
  })

  it('SQLite in a second file', () => {
    const text = "import Database from 'better-sqlite3'"
    const dependencies = { 'better-sqlite3': '*' }
    const sources = [{ path: 'src/database.ts', text }]
    const one = { folder: '', manifest: { name: '@registry/index-sqlite', version: '0.0.0', dependencies }, sources }
    expect(brokenRules(one, shared)).toEqual([])
    expect(brokenRules({ ...one, sources: [...sources, { path: 'src/search.ts', text }] }, shared)).toHaveLength(1)
  })

  it('a dependency behind several files of core', () => {
    const sources = [
      { path: 'src/index.ts', text: "export { a } from './a.js'" },
      { path: 'src/a.ts', text: "export { b as a } from './b/index.js'" },
      { path: 'src/b/index.ts', text: "import yaml from 'js-yaml'" },
    ]
    expect([...reachedFrom('src/index.ts', sources)]).toEqual(['js-yaml'])
  })

  it('no word in a text or a comment', () => {
    expect(importsOf({ path: 'src/a.ts', text: "// import 'fastify'\nconst text = `import 'fastify'`" })).toEqual([])
  })
})

import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import ts from 'typescript'
import type { Package, SourceFile } from './repository.js'

/** Which packages of the house the source of a package may import. Everything else of the house is refused. */
const mayImport: readonly { readonly from: RegExp; readonly to: RegExp }[] = [
  { from: /^@registry\/(driver|index)-[a-z0-9]+$/, to: /^@registry\/core$/ },
  { from: /^@registry\/engine$/, to: /^@registry\/core$/ },
  { from: /^@registry\/server$/, to: /^@registry\/(core|engine|(driver|index)-[a-z0-9]+)$/ },
]

/** Modules that a package never imports, not even in its tests. */
const refused: readonly { readonly from: RegExp; readonly to: RegExp; readonly reason: string }[] = [
  { from: /^@registry\/engine$/, to: /^(node:)?https?2?$|^fastify$|^undici$/, reason: 'the engine knows no HTTP' },
]

/** Modules that one source file alone of a package imports: what is behind them can be replaced in one place. */
const oneFileOnly: readonly { readonly from: string; readonly module: string }[] = [{ from: '@registry/index-sqlite', module: 'better-sqlite3' }]

/** Every module that a source file names: imports, re-exports, `import()`, types included. */
export function importsOf({ text }: SourceFile): readonly string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
}

/** Whether a file is part of the published code. */
export function isPublished({ path }: SourceFile): boolean {
  return path.startsWith('src/') && !path.endsWith('.test.ts')
}

/** `@registry/core/memory` → `@registry/core`. */
export function packageOf(module: string): string {
  return module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/')
}

/** What the imports of one package break, in words; `shared` are the tools that every test may use. */
export function brokenRules(onePackage: Package, shared: ReadonlySet<string>): readonly string[] {
  const { manifest, sources } = onePackage
  return [
    ...sources.flatMap((source) => importsOf(source).flatMap((module) => brokenBy(onePackage, source, module, shared))),
    ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
      .filter((module) => !isAllowed(manifest.name, module))
      .map((module) => `${manifest.name}: package.json depends on ${module}`),
    ...oneFileOnly
      .filter(({ from }) => from === manifest.name)
      .flatMap(({ module }) => {
        const files = sources.filter((source) => isPublished(source) && importsOf(source).includes(module))
        return files.length > 1 ? [`${manifest.name}: ${files.map(({ path }) => path).join(', ')} import ${module}; one file may`] : []
      }),
  ]
}

function brokenBy({ manifest }: Package, source: SourceFile, module: string, shared: ReadonlySet<string>): readonly string[] {
  const where = `${manifest.name}: ${source.path} imports ${module}`
  const published = isPublished(source)
  if (module.startsWith('.')) {
    const target = posix.join(posix.dirname(source.path), module)
    if (published && !target.startsWith('src/')) return [`${where}, which is outside of its sources`]
    if (published && target.endsWith('.test.js')) return [`${where}, which is a test`]
    return []
  }
  const broken = refused.filter(({ from, to }) => from.test(manifest.name) && to.test(module)).map(({ reason }) => `${where}: ${reason}`)
  if (builtinModules.includes(module)) broken.push(`${where} without node: before it`)
  if (module.startsWith('node:') || builtinModules.includes(module)) return broken
  const imported = packageOf(module)
  if (imported === manifest.name) return published ? [`${where}, which is itself`] : []
  if (published && !isAllowed(manifest.name, imported)) broken.push(`${where}, which is not below it`)
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies, ...(published ? {} : manifest.devDependencies) }
  if (!(imported in declared) && (published || !shared.has(imported))) broken.push(`${where}, which its package.json does not name`)
  return broken
}

function isAllowed(from: string, imported: string): boolean {
  if (!imported.startsWith('@registry/')) return true
  return mayImport.some((rule) => rule.from.test(from) && rule.to.test(imported))
}

/** Every module outside of the package that one of its entries reaches through its own files. */
export function reachedFrom(entry: string, sources: readonly SourceFile[]): ReadonlySet<string> {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const reached = new Set<string>()
  const seen = new Set<string>()
  const visit = (path: string): void => {
    const source = byPath.get(path)
    if (seen.has(path) || source === undefined) return
    seen.add(path)
    for (const module of importsOf(source)) {
      if (module.startsWith('.')) visit(posix.join(posix.dirname(path), module).replace(/\.js$/, '.ts'))
      else reached.add(module)
    }
  }
  visit(entry)
  return reached
}

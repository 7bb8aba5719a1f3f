import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const repository = fileURLToPath(new URL('../../../../..', import.meta.url))

/** Puts a package into the `node_modules` of a folder outside the workspace, as `npm install` would. */
export function installPackage(folder: string, name: string, source: string): void {
  const path = join(folder, 'node_modules', name, 'index.js')
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, source)
  writeFileSync(join(dirname(path), 'package.json'), JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' }))
}

/** Puts a copy of its own of `@registry/core` there. */
export function installCore(folder: string): void {
  const target = join(folder, 'node_modules', '@registry', 'core')
  for (const part of ['package.json', 'dist']) cpSync(join(repository, 'packages/core', part), join(target, part), { recursive: true })
}

/** A module of `examples` as JavaScript. */
export function exampleModule(path: string): string {
  const source = readFileSync(join(repository, 'examples', path), 'utf8')
  return ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 } }).outputText
}

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from './npm-project.js'

const tests = join(root, 'packages', 'driver-file', 'test')
const harness = readFileSync(join(tests, 'file-harness.ts'), 'utf8').replace("'../src/index.js'", "'@registry/driver-file'")
const suite = readFileSync(join(tests, 'conformance.test.ts'), 'utf8')

/** Writes the suite of `@registry/driver-file` as somebody outside of the workspace has it. Returns the file to run. */
export function writeTestForVitest(folder: string): string {
  writeFileSync(join(folder, 'file-harness.ts'), harness)
  writeFileSync(join(folder, 'conformance.test.ts'), suite.replace('./file-harness.js', './file-harness.ts'))
  return 'conformance.test.ts'
}

/** The same for the runner that Node brings; compiled, since Node 20 runs no TypeScript. */
export function writeTestForNode(folder: string): string {
  const test = suite.replace("from 'vitest'", "from 'node:test'").replace('it(title, body, 120_000)', 'it(title, { timeout: 120_000 }, body)')
  writeFileSync(join(folder, 'file-harness.js'), compiled(harness))
  writeFileSync(join(folder, 'conformance.js'), compiled(test))
  return 'conformance.js'
}

/** As `tsc` makes it, without looking at types. */
function compiled(code: string): string {
  return ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext } }).outputText
}

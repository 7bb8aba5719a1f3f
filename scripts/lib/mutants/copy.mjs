import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { onInterrupt } from '../run-tool.mjs'
import { root } from '../workspace.mjs'

/** What tools leave, and would write to. */
const leftOut = new Set(['.experimental-vitest-cache', '.registry', '.turbo', '.vite', '.vite-temp', 'reports'])

/** A copy of the packages and pages, with what they are built to, to be broken: `{ folder, remove }`. */
export function copyWorkspace() {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'registry-mutants-'))
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  const withdraw = onInterrupt(remove)
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.isFile()) cpSync(join(root, entry.name), join(folder, entry.name))
  }
  mkdirSync(join(folder, 'node_modules'))
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!leftOut.has(name)) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  // pnpm's links are relative: as they are, they lead to the copies of our packages, and to everyone else's in node_modules.
  const filter = (path) => !leftOut.has(basename(path))
  for (const path of ['docs', 'packages', 'scripts/services']) cpSync(join(root, path), join(folder, path), { recursive: true, verbatimSymlinks: true, filter })
  return {
    folder,
    remove: () => {
      withdraw()
      remove()
    },
  }
}

/**
 * Applies a patch to the source and to what is built of it: tests of the same package run the one, those of others the
 * other. Nothing else has to be built, since a mutant needs no types.
 *
 * @returns `{ changed, restore }`, where `changed` are the files, or `{ problem }` where it does not apply
 */
export function applyMutant(folder, { file, find, replace }) {
  const source = join(folder, file)
  const built = join(folder, file.replace('/src/', '/dist/').replace(/\.ts$/, '.js'))
  const before = [source, built].map((path) => [path, readFileSync(path)])
  const parts = readFileSync(source, 'utf8').split(find)
  if (parts.length !== 2) return { problem: `the code changed: \`find\` occurs ${parts.length - 1} times in the file; bring the mutant up to date` }
  const patched = parts.join(replace)
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true }
  const { outputText, diagnostics } = ts.transpileModule(patched, { compilerOptions, reportDiagnostics: true })
  if (diagnostics.length > 0) return { problem: `its patch is no TypeScript: ${ts.flattenDiagnosticMessageText(diagnostics[0].messageText, ' ')}` }
  writeFileSync(source, patched)
  writeFileSync(built, outputText)
  return {
    changed: [source, built],
    restore: () => {
      for (const [path, bytes] of before) writeFileSync(path, bytes)
    },
  }
}

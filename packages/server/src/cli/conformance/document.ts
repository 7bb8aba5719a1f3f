import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { RegistryError } from '@registry/core'
import { reasonOf } from '../../modules/reason-of.js'
import { countsOf, type Verdict } from './verdict.js'

/**
 * Writes the verdict for scripts.
 *
 * @param file - `-` for stdout
 * @param ended - why the run ended before all clauses were tried
 * @throws `CONFIG` where it cannot be written
 */
export function writeDocument(file: string, verdict: Verdict, ended?: string): void {
  const text = `${JSON.stringify(documentOf(verdict, ended), undefined, 2)}\n`
  if (file === '-') {
    process.stdout.write(text)
    return
  }
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new RegistryError('CONFIG', `--json: ${file} cannot be written: ${reasonOf(error)}`, { cause: error })
  }
}

function documentOf(verdict: Verdict, ended: string | undefined): object {
  const { kind, name, clauses, results, milliseconds } = verdict
  const cases = results.map(({ milliseconds: time, ...result }) => ({ ...result, milliseconds: Math.round(time) }))
  const versions = { core: coreVersion(), node: process.versions.node }
  const complete = clauses > 0 && results.length === clauses
  return { kind, name, ...versions, complete, ...(ended !== undefined && { ended }), clauses, ...countsOf(verdict), milliseconds: Math.round(milliseconds), cases }
}

/** Each minor release of it may have more clauses. */
function coreVersion(): string {
  const file = fileURLToPath(import.meta.resolve('@registry/core/package.json'))
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version
}

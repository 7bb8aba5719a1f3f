import { closeSync, openSync, writeFileSync } from 'node:fs'
import { RegistryError } from '@registry/core'
import { driverCases, indexCases } from '@registry/core/conformance'
import { reasonOf } from '../../modules/reason-of.js'
import { refuse } from '../refuse.js'
import { emptyStorage } from './empty-storage.js'
import { judge, type JudgeOptions } from './judge.js'
import { loadSubject } from './subject.js'
import { documentOf, summaryOf, type Verdict } from './verdict.js'

export interface ConformanceOptions extends JudgeOptions {
  /** File for the verdict. */
  readonly json?: string
}

/** Runs the suite on a driver or an index, prints a report, and ends the process: with exit code 2 where a clause does not hold, 1 where the suite could not run. */
export async function conformance(name: string, options: ConformanceOptions): Promise<void> {
  try {
    // Where it cannot be written is told before the minutes that the suite may take.
    if (options.json !== undefined) written(options.json, () => { closeSync(openSync(options.json!, 'a')) })
    const verdict = await verdictOn(name, options)
    process.stdout.write(summaryOf(verdict).map((line) => `${line}\n`).join(''))
    if (options.json !== undefined) written(options.json, () => { writeFileSync(options.json!, `${JSON.stringify(documentOf(verdict), undefined, 2)}\n`) })
    if (verdict.results.some(({ outcome }) => outcome === 'failed')) process.exitCode = 2
  } catch (error) {
    refuse(error)
  }
  // What a case left under way, such as a call that hangs, would keep the process.
  process.stdout.write('', () => process.exit())
}

async function verdictOn(name: string, options: JudgeOptions): Promise<Verdict> {
  const subject = await loadSubject(name, [process.cwd()])
  if (subject.kind === 'driver') return judge({ ...subject, cases: driverCases, empty: emptyStorage }, options)
  return judge({ ...subject, cases: indexCases, empty: () => Promise.resolve(false) }, options)
}

function written(file: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    throw new RegistryError('CONFIG', `--json: ${file} cannot be written: ${reasonOf(error)}`, { cause: error })
  }
}

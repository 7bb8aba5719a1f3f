import { driverCases, indexCases } from '@registry/core/conformance'
import { refuse } from '../refuse.js'
import { writeDocument } from './document.js'
import { guardExit } from './early-exit.js'
import { emptyStorage } from './empty-storage.js'
import { judge, type JudgeOptions, type Watcher } from './judge.js'
import { collectStrays } from './strays.js'
import { loadSubject, type SubjectOptions } from './subject.js'
import { summaryOf, type Verdict } from './verdict.js'

export interface ConformanceOptions extends JudgeOptions, SubjectOptions {
  /** File for the verdict; `-` is stdout, and the report goes to stderr then. */
  readonly json?: string
}

/**
 * Runs the suite on a driver or an index, prints a report, and ends the process: with exit code 2 where a clause does not
 * hold, 1 where the suite could not run. However it ends, the file says what was tried, and nothing that it said before.
 */
export async function conformance(name: string, options: ConformanceOptions): Promise<void> {
  const { json } = options
  const report = json === '-' ? process.stderr : process.stdout
  let verdict: Verdict = { name, clauses: 0, results: [], milliseconds: 0 }
  const conclude = (ended?: string): void => {
    if (verdict.kind !== undefined) report.write(summaryOf(verdict).map((line) => `${line}\n`).join(''))
    if (json !== undefined) writeDocument(json, verdict, ended)
  }
  const disarm = guardExit(() => {
    const reason = `the module ended the process ${verdict.running === undefined ? 'while it was loaded' : `in ${verdict.running}`}`
    process.stderr.write(`registry: ${name}: ${reason}; what it exports is to be used, and whoever uses it ends the process\n`)
    conclude(reason)
  })
  try {
    // Where it cannot be written is told before the minutes that the suite may take.
    if (json !== undefined && json !== '-') writeDocument(json, verdict, 'it has not ended yet')
    const watcher: Watcher = {
      strays: collectStrays(),
      print: (lines) => void report.write(lines.map((line) => `${line}\n`).join('')),
      columns: report.columns,
      learn: (known) => {
        verdict = known
      },
    }
    await verdictOn(name, options, watcher)
    disarm()
    conclude()
    if (verdict.results.some(({ outcome }) => outcome === 'failed')) process.exitCode = 2
  } catch (error) {
    disarm()
    try {
      conclude(error instanceof Error ? error.message : String(error))
    } catch {
      // That it cannot be written was what went wrong, or is told below less than that.
    }
    refuse(error)
  }
  // What a case left under way, such as a call that hangs, would keep the process.
  process.stdout.write('', () => process.exit())
}

async function verdictOn(name: string, options: ConformanceOptions, watcher: Watcher): Promise<void> {
  const subject = await loadSubject(name, [process.cwd()], options)
  if (subject.kind === 'driver') await judge({ ...subject, cases: driverCases, empty: emptyStorage }, options, watcher)
  else await judge({ ...subject, cases: indexCases, empty: () => Promise.resolve(false) }, options, watcher)
}

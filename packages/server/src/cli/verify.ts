import type { VerifyFinding, VerifyFindingKind } from '@registry/engine'
import type { LoadOptions } from '../config/load-configuration.js'
import { abortOnSignal } from './end-signal.js'
import { useRegistry } from './use-registry.js'
import { verifyProgress } from './verify-progress.js'
import { lineOf, summaryLine, todoLines } from './verify-text.js'

export interface VerifyCommandOptions {
  readonly deep?: boolean
  readonly repair?: boolean
  readonly json?: boolean
}

/** Verifies a registry, and prints what is wrong with it. */
export async function verify(options: LoadOptions, { deep = false, repair = false, json = false }: VerifyCommandOptions): Promise<void> {
  await useRegistry(options, async (registry) => {
    const progress = verifyProgress(process.stderr)
    const left = new Set<VerifyFindingKind>()
    const say = (text: string): void => void process.stdout.write(`${text}\n`)
    const onFinding = (finding: VerifyFinding): void => {
      progress.clear()
      if (!finding.repaired) left.add(finding.marked ? 'blob-corrupt' : finding.kind)
      say(json ? JSON.stringify({ finding }) : lineOf(finding))
    }
    const signal = abortOnSignal()
    const report = await registry.verify({ deep, repair, onFinding, onProgress: progress.show, signal }).finally(progress.clear)
    if (json) say(JSON.stringify({ ...report, deep, repair }))
    else for (const line of [...todoLines(left), summaryLine(report)]) say(line)
    if (report.findings > report.repaired) process.exitCode = 2
  })
}

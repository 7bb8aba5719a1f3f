import type { RebuildPhase, RebuildProgress } from '@registry/engine'
import type { Logger } from 'pino'

const phases: Readonly<Record<RebuildPhase, string>> = {
  waiting: 'waiting until processes on the index before have noticed',
  objects: 'looking for objects that were moved',
  records: 'bringing in records',
  descriptions: 'reading what describes repositories',
  complete: 'complete',
}

const width = 30
const millisecondsBetweenLines = 5000

/** Shows how a rebuild goes on: a bar on a terminal, lines in the log elsewhere. */
export function rebuildProgress(terminal: NodeJS.WriteStream, log: Logger): (progress: RebuildProgress) => void {
  if (terminal.isTTY) {
    return (progress) => {
      terminal.write(`\r\x1b[K${barOf(progress)}${progress.phase === 'complete' ? '\n' : ''}`)
    }
  }
  let phase: RebuildPhase | undefined
  let last = -Infinity
  return (progress) => {
    if (progress.phase === phase && performance.now() - last < millisecondsBetweenLines) return
    phase = progress.phase
    last = performance.now()
    log.info(progress, `rebuilding the index: ${phases[progress.phase]}`)
  }
}

/** Such as `[=====>    ] 50 % of 20 records: bringing in records`. */
export function barOf({ phase, done, total }: RebuildProgress): string {
  const part = phase === 'complete' ? 1 : total === 0 ? 0 : Math.min(done / total, 1)
  const filled = Math.round(part * width)
  return `[${'='.repeat(filled).padEnd(width)}] ${Math.floor(part * 100)} % of ${total} records: ${phases[phase]}`
}

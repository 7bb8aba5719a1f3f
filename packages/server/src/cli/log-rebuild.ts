import type { Registry } from '@registry/engine'
import type { Logger } from 'pino'
import { unansweredLine } from './rebuild-unanswered.js'

/** Says in the log that the index is rebuilt, and what came of it. */
export function logRebuild({ rebuild }: Registry, log: Logger): void {
  if (!rebuild) return
  log.warn('the index does not have what storage has: it is made from it, and until that is complete every request is answered with 503')
  const tell = async (): Promise<void> => {
    const report = await rebuild.report
    const { counts, problemCount, problems, unanswered } = report
    for await (const problem of problems()) log.error(problem, 'left out by the rebuild')
    const notice = unansweredLine(report)
    if (notice !== undefined) log.warn({ unanswered: unanswered.count }, notice)
    log[problemCount > 0 ? 'error' : 'info']({ ...counts, problems: problemCount }, 'the index is complete')
  }
  // Why it is not complete was logged where it happened.
  tell().catch(() => {})
}

import type { Registry } from '@registry/engine'
import type { Logger } from 'pino'

/** Says in the log that the index is rebuilt, and what came of it. */
export function logRebuild({ rebuild }: Registry, log: Logger): void {
  if (!rebuild) return
  log.warn('the index does not have what storage has: it is made from it, and until that is complete every request is answered with 503')
  const tell = async (): Promise<void> => {
    const { counts, problemCount, problems } = await rebuild.report
    for await (const problem of problems()) log.error(problem, 'left out by the rebuild')
    log[problemCount > 0 ? 'error' : 'info']({ ...counts, problems: problemCount }, 'the index is complete')
  }
  // Why it is not complete was logged where it happened.
  tell().catch(() => {})
}

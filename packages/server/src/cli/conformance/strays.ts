import type { CaseResult } from '@registry/core/conformance'
import { reasonOf } from '../../modules/reason-of.js'

/** Lines of a stack that lead to whoever forgot to wait. */
const frames = 3

/** What was thrown, or rejected with, that nobody waited for. */
export interface Strays {
  /** Those since the last call. */
  take(): readonly unknown[]
}

/** Collects from now on what would end the process otherwise. */
export function collectStrays(): Strays {
  let strays: unknown[] = []
  const stray = (error: unknown): void => {
    strays.push(error)
  }
  process.on('uncaughtException', stray)
  process.on('unhandledRejection', stray)
  return {
    take() {
      const taken = strays
      strays = []
      return taken
    },
  }
}

/** A clause in whose time something strayed has failed, whatever its calls did. */
export function withStrays(result: CaseResult, strays: readonly unknown[]): CaseResult {
  if (strays.length === 0) return result
  const found = result.outcome === 'failed' ? [result.message!] : []
  return { ...result, outcome: 'failed', message: [...found, ...strays.map((stray) => `${result.id}: ${wordsFor(stray)}`)].join('\n') }
}

/** What strayed, and from where. */
export function wordsFor(stray: unknown): string {
  const stack = stray instanceof Error && typeof stray.stack === 'string' ? stray.stack.split('\n').filter((line) => line.startsWith('    at ')) : []
  return [`something was thrown that no call rejected with: ${reasonOf(stray)}; an error belongs to the call that it is about`, ...stack.slice(0, frames)].join('\n')
}

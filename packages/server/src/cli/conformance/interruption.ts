import { reasonOf } from '../../modules/reason-of.js'
import { abortOnSignal } from '../end-signal.js'

/** Rejects when the process is told to end, or when something is thrown that nobody waits for. */
export async function interruption(): Promise<never> {
  const signal = abortOnSignal()
  return new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => { reject(signal.reason as Error) })
    const stray = (error: unknown): void => {
      reject(new Error(`something was thrown that no call rejected with: ${reasonOf(error)}; an error belongs to the call that it is about`, { cause: error }))
    }
    process.on('uncaughtException', stray)
    process.on('unhandledRejection', stray)
  })
}

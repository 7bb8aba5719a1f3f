import { abortOnSignal } from '../end-signal.js'

/** Rejects when the process is told to end. */
export async function interruption(): Promise<never> {
  const signal = abortOnSignal()
  return new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => { reject(signal.reason as Error) })
  })
}

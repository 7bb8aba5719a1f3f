import { constants } from 'node:os'

/** A signal asked a command to end before it was done. */
export class EndedBySignal extends Error {
  override readonly name = 'EndedBySignal'
  /** As a shell has it: 130 for SIGINT, 143 for SIGTERM. */
  readonly exitCode: number

  constructor(signal: NodeJS.Signals) {
    super(`ended by ${signal}`)
    this.exitCode = 128 + constants.signals[signal]
  }
}

/** Is aborted, with `EndedBySignal`, by the first SIGINT or SIGTERM from now on. A repeat does not cut the cleaning up. */
export function abortOnSignal(): AbortSignal {
  const ending = new AbortController()
  const end = (signal: NodeJS.Signals): void => {
    ending.abort(new EndedBySignal(signal))
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  return ending.signal
}

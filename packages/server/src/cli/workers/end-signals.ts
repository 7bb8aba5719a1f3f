/** npm passes Ctrl-C on to its child, which then gets it twice: a repeat within this time is the same one. */
const sameSignalMilliseconds = 1000

export interface EndSignals {
  /** Lets running requests end. */
  readonly gently: (signal: NodeJS.Signals) => void
  readonly atOnce: () => void
}

/** The first SIGINT or SIGTERM ends gently, a later one at once. */
export function onEndSignals({ gently, atOnce }: EndSignals): void {
  let since: number | undefined
  const end = (signal: NodeJS.Signals): void => {
    if (since === undefined) {
      since = performance.now()
      gently(signal)
    } else if (performance.now() - since > sameSignalMilliseconds) atOnce()
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
}

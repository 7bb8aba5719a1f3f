import { setImmediate } from 'node:timers/promises'

/** Does something again and again for as long as a call is under way, and once more after it. Whether it fails is for others to judge. */
export async function whileUnderWay(call: Promise<unknown>, body: () => Promise<void>): Promise<void> {
  const state: { settled: boolean } = { settled: false }
  const settling = call.then(
    () => { state.settled = true },
    () => { state.settled = true },
  )
  try {
    while (!state.settled) {
      await body()
      // Timers, files and sockets get their turn, too.
      await setImmediate()
    }
    await body()
  } finally {
    await settling
  }
}

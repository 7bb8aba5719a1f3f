import type { ServerResponse } from 'node:http'
import { RegistryError } from '@registry/core'

const departures = new WeakSet<RegistryError>()

/** Is aborted with `UNAVAILABLE` when the connection closes before the answer is sent. */
export function untilClientLeaves(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  const look = (): void => {
    if (!hasLeft(response)) return
    const reason = new RegistryError('UNAVAILABLE', 'the client left')
    departures.add(reason)
    controller.abort(reason)
  }
  look()
  response.once('close', look)
  return controller.signal
}

/** Whether nobody waits for the answer any more. */
export function hasLeft({ destroyed, writableFinished }: ServerResponse): boolean {
  return destroyed && !writableFinished
}

/** Whether something failed because the client left, and for nothing else. */
export function isDeparture(error: unknown): boolean {
  return RegistryError.is(error) && departures.has(error)
}

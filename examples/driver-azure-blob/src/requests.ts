import { RegistryError } from '@registry/core'
import { type Place, told } from './azure-errors.js'
import { driverName } from './options.js'

/** Sends requests that end in time. */
export interface Requests {
  /**
   * @param signal - whose reason is thrown when it ends the request; `undefined` where nothing but time may
   * @throws an error of the contract where the SDK's is understood
   */
  send<Value>(place: Place, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<Value>): Promise<Value>
  /** Calls `end` with `UNAVAILABLE` when the time for an answer is over, unless it is cleared before. */
  timer(place: Place, end: (error: RegistryError) => void): NodeJS.Timeout
}

export function requestsWithin(milliseconds: number): Requests {
  const timer = (place: Place, end: (error: RegistryError) => void): NodeJS.Timeout =>
    setTimeout(() => {
      end(new RegistryError('UNAVAILABLE', `${place.operation}: no answer within ${milliseconds} ms`, { driver: driverName, ...place }))
    }, milliseconds)
  return {
    timer,
    async send(place, signal, work) {
      signal?.throwIfAborted()
      const controller = new AbortController()
      const abort = (): void => {
        controller.abort(signal?.reason)
      }
      const timing = timer(place, (error) => {
        controller.abort(error)
      })
      signal?.addEventListener('abort', abort, { once: true })
      try {
        return await work(controller.signal)
      } catch (error) {
        throw controller.signal.aborted ? controller.signal.reason : told(error, place)
      } finally {
        clearTimeout(timing)
        signal?.removeEventListener('abort', abort)
      }
    },
  }
}

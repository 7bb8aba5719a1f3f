import { describeEachPair, type Pair } from './storages.js'
import { startTestServer, type TestServer, type TestServerOptions } from './test-server.js'

/** Starts a server on the pair that the tests run on. */
export type StartServer = (options?: Omit<TestServerOptions, 'pair'>) => Promise<TestServer>

/** `describe`, once for each pair of a driver and an index: every answer is the same on all of them. */
export function onEachPair(title: string, body: (start: StartServer, pair: Pair) => void): void {
  describeEachPair(title, (pair) => {
    body((options) => startTestServer({ ...options, pair }), pair)
  })
}

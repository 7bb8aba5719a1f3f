import type { ServerAddress } from '../../server.js'

/** What a worker tells the first process, once. */
export interface ListeningMessage {
  readonly listening: ServerAddress
}

/** What the first process tells a worker that listens: to let running requests end, and end. */
export interface EndMessage {
  readonly end: NodeJS.Signals
}

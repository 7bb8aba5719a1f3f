import type { IncomingMessage } from 'node:http'
import type { Body } from '@registry/core'
import type { Registry } from '@registry/engine'
import type { Log } from './log.js'
import type { Reply } from './reply.js'
import { sentHeaders } from './sent-headers.js'
import type { Settings } from './settings.js'

/** What a handler works with. */
export interface Exchange {
  readonly registry: Registry
  readonly settings: Settings
  readonly request: IncomingMessage
  readonly reply: Reply
  /** The body of the request. */
  readonly body: Body
  /** What a client can name to whoever reads the log. */
  readonly id: string
  readonly log: Log
}

/** A header as it was sent; several of one name are joined as if they were one. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const values = sentHeaders(request, name)
  return values.length === 0 ? undefined : values.join(', ')
}

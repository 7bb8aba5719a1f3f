import type { Body } from '@registry/core'
import type { Registry } from '@registry/engine'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sentHeaders } from './sent-headers.js'
import type { Settings } from './settings.js'

/** What a handler works with. */
export interface Exchange {
  readonly registry: Registry
  readonly settings: Settings
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** The body of the request. */
  readonly body: Body
}

/** A header as it was sent; several of one name are joined as if they were one. */
export function headerOf({ raw }: FastifyRequest, name: string): string | undefined {
  const values = sentHeaders(raw, name)
  return values.length === 0 ? undefined : values.join(', ')
}

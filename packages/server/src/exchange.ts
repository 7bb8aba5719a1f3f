import type { IncomingMessage } from 'node:http'
import type { Body } from '@registry/core'
import type { Registry } from '@registry/engine'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** What a handler works with. */
export interface Exchange {
  readonly registry: Registry
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** The body of a request. Leaving it early leaves the connection open, so that the answer can still be sent. */
export function bodyOf(request: IncomingMessage): Body {
  return { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array> }
}

/** A header as it was sent; several of one name are joined as if they were one. */
export function headerOf({ raw }: FastifyRequest, name: string): string | undefined {
  return raw.headersDistinct[name]?.join(', ')
}

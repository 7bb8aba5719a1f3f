import { RegistryError } from '@registry/core'
import type { Registry } from '@registry/engine'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { reasonOf, retryAfterSeconds } from '../errors.js'
import { readRoute } from './read-route.js'

/** `/livez`: the process answers. `/readyz`: index and storage do too. */
export function healthRoutes(app: FastifyInstance, registry: Registry): void {
  readRoute(app, '/livez', () => ({ status: 'ok' }))
  readRoute(app, '/readyz', async (request: FastifyRequest, reply: FastifyReply): Promise<object> => {
    try {
      await registry.check()
      return { status: 'ok' }
    } catch (error) {
      request.log.warn({ err: error }, 'not ready')
      reply.code(503).header('retry-after', retryAfterSeconds)
      return reply.send({ status: 'unavailable', ...(RegistryError.is(error) ? reasonOf(error) : { reason: 'INTERNAL' }) })
    }
  })
}

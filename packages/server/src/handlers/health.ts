import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Registry } from '@registry/engine'
import { RegistryError } from '@registry/core'
import { isRebuilding } from '../errors.js'

/** `/livez`: the process answers. `/readyz`: index and storage do too. */
export function healthRoutes(app: FastifyInstance, registry: Registry): void {
  const method = ['GET', 'HEAD']
  app.route({ method, url: '/livez', handler: () => ({ status: 'ok' }) })
  const ready = async (request: FastifyRequest, reply: FastifyReply): Promise<object> => {
    try {
      await registry.check()
      return { status: 'ok' }
    } catch (error) {
      request.log.warn({ err: error }, 'not ready')
      reply.code(503)
      if (RegistryError.is(error) && isRebuilding(error)) return reply.send({ status: 'unavailable', ...(error.detail as object) })
      return reply.send({ status: 'unavailable', reason: RegistryError.is(error) ? error.code : 'INTERNAL' })
    }
  }
  app.route({ method, url: '/readyz', handler: ready })
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Registry } from '@registry/engine'
import { RegistryError } from '@registry/core'

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
      return reply.code(503).send({ status: 'unavailable', reason: RegistryError.is(error) ? error.code : 'INTERNAL' })
    }
  }
  app.route({ method, url: '/readyz', handler: ready })
}

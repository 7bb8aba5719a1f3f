import type { FastifyInstance } from 'fastify'
import type { Registry } from '@registry/engine'
import { RegistryError } from '@registry/core'

/** `/livez`: the process answers. `/readyz`: index and storage do too. */
export function healthRoutes(app: FastifyInstance, registry: Registry): void {
  app.get('/livez', () => ({ status: 'ok' }))
  app.get('/readyz', async (request, reply) => {
    try {
      await registry.check()
      return { status: 'ok' }
    } catch (error) {
      request.log.warn({ err: error }, 'not ready')
      return reply.code(503).send({ status: 'unavailable', reason: RegistryError.is(error) ? error.code : 'INTERNAL' })
    }
  })
}

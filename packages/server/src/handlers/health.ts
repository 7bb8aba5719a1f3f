import { RegistryError } from '@registry/core'
import type { Registry } from '@registry/engine'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { reasonOf, retryAfterSeconds } from '../errors.js'
import { refuseMethod, tellMethods } from './refusals.js'

const methods = ['GET', 'HEAD']
const allow = [...methods, 'OPTIONS']

/** `/livez`: the process answers. `/readyz`: index and storage do too. */
export function healthRoutes(app: FastifyInstance, registry: Registry): void {
  const ready = async (request: FastifyRequest, reply: FastifyReply): Promise<object> => {
    try {
      await registry.check()
      return { status: 'ok' }
    } catch (error) {
      request.log.warn({ err: error }, 'not ready')
      reply.code(503).header('retry-after', retryAfterSeconds)
      return reply.send({ status: 'unavailable', ...(RegistryError.is(error) ? reasonOf(error) : { reason: 'INTERNAL' }) })
    }
  }
  for (const [url, handler] of [['/livez', () => ({ status: 'ok' })], ['/readyz', ready]] as const) {
    app.route({ method: methods, url, handler })
    app.route({ method: app.supportedMethods.filter((method) => !methods.includes(method)), url, handler: otherMethod })
  }
}

async function otherMethod(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await (request.method === 'OPTIONS' ? tellMethods({ reply }, { allow }) : refuseMethod({ request, reply }, { allow }))
}

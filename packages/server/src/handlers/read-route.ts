import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuseMethod, tellMethods } from './refusals.js'

const methods = ['GET', 'HEAD']
const allow = [...methods, 'OPTIONS']

/** What an address outside `/v2` answers. */
export type ReadHandler = (request: FastifyRequest, reply: FastifyReply) => unknown

/** An address that can be read, and that tells other methods so. */
export function readRoute(app: FastifyInstance, url: string, handler: ReadHandler): void {
  app.route({ method: methods, url, handler })
  app.route({ method: app.supportedMethods.filter((method) => !methods.includes(method)), url, handler: otherMethod })
}

async function otherMethod(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await (request.method === 'OPTIONS' ? tellMethods({ reply }, { allow }) : refuseMethod({ request, reply }, { allow }))
}

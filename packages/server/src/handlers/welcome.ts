import { hostname } from 'node:os'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { version } from '../version.js'
import { readRoute } from './read-route.js'

/** What is told outside `/v2`. */
export interface Welcome {
  /** The text at `/`. */
  readonly issue: string
  /** What `/_ping` calls the configuration; with it, the host and versions are told too. */
  readonly flavor: string | undefined
}

/** `/`: a text for people. `/_ping`: as clients of the classic registry ask whether one is there. */
export function welcomeRoutes(app: FastifyInstance, { issue, flavor }: Welcome): void {
  const ping = (_request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    reply.headers({ 'x-docker-registry-version': version, 'x-docker-registry-standalone': 'True' })
    if (flavor === undefined) return reply.send({})
    return reply.header('x-docker-registry-config', encodeURIComponent(flavor)).send({ host: hostname(), versions: { registry: version, node: process.versions.node } })
  }
  readRoute(app, '/', (_request, reply) => reply.type('text/plain; charset=utf-8').send(issue))
  readRoute(app, '/_ping', ping)
  readRoute(app, '/v1/_ping', ping)
}

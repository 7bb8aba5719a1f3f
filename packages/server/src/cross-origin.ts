import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'

/** Headers that a page may read, beside those that every page may. */
const exposedHeaders = [
  'Docker-Content-Digest',
  'Docker-Distribution-API-Version',
  'Docker-Upload-UUID',
  'Content-Range',
  'Link',
  'Location',
  'OCI-Filters-Applied',
  'OCI-Subject',
  'OCI-Tag',
  'Range',
  'Retry-After',
  'WWW-Authenticate',
]

/** Lets pages of these origins use the registry from a browser. Their OPTIONS are answered before anything else is asked. */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
  app.register(cors, { origin: [...origins], methods, exposedHeaders, maxAge: 600, strictPreflight: false })
}

import type { FastifyReply } from 'fastify'

/** Sends a value as JSON. As bytes, since Fastify adds a charset to strings, which some clients take for another media type. */
export async function sendJson(reply: FastifyReply, value: unknown, mediaType = 'application/json'): Promise<void> {
  await reply.header('content-type', mediaType).send(Buffer.from(JSON.stringify(value)))
}

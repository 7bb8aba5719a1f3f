import type { FastifyReply } from 'fastify'

/** Sends a value as JSON. As bytes, since Fastify adds a charset to strings, which some clients take for another media type. */
export async function sendJson(reply: FastifyReply, value: unknown): Promise<void> {
  await reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(value)))
}

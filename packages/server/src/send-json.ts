import type { Reply } from './reply.js'

/** Sends a value as JSON, without a charset, which some clients take for another media type. */
export async function sendJson(reply: Reply, value: unknown, mediaType = 'application/json'): Promise<void> {
  await reply.header('content-type', mediaType).send(Buffer.from(JSON.stringify(value)))
}

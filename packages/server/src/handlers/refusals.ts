import type { Exchange } from '../exchange.js'
import { sendJson } from '../send-json.js'

/** A method that an endpoint does not have. */
export async function refuseMethod({ request, reply }: Exchange, { allow }: { readonly allow: readonly string[] }): Promise<void> {
  const methods = allow.join(', ')
  const message = `${request.method} is not supported here: use ${methods}`
  await sendJson(reply.code(405).header('allow', methods), { errors: [{ code: 'UNSUPPORTED', message }] })
}

/** A path that is no endpoint. */
export async function refuseUnknown({ reply }: Exchange): Promise<void> {
  await sendJson(reply.code(404), { errors: [{ code: 'NOT_FOUND', message: 'there is no such endpoint' }] })
}

import { RegistryError } from '@registry/core'
import type { Exchange } from '../exchange.js'
import { sendJson } from '../send-json.js'

/** A method that the endpoint would have. */
export async function refuseSwitchedOff({ reply }: Exchange, { allow, reason }: { readonly allow: readonly string[]; readonly reason: string }): Promise<void> {
  reply.header('allow', allow.join(', '))
  throw new RegistryError('DISABLED', reason)
}

/** OPTIONS. @see RFC 9110, section 9.3.7 */
export async function tellMethods({ reply }: Pick<Exchange, 'reply'>, { allow }: { readonly allow: readonly string[] }): Promise<void> {
  await reply.code(204).header('allow', allow.join(', ')).send()
}

/** A method that an endpoint does not have. */
export async function refuseMethod({ request, reply }: Pick<Exchange, 'request' | 'reply'>, { allow }: { readonly allow: readonly string[] }): Promise<void> {
  const methods = allow.join(', ')
  await refuse(reply.code(405).header('allow', methods), `${request.method} is not supported here: use ${methods}`)
}

/** A path that is no endpoint. */
export async function refuseUnknown({ reply }: Exchange): Promise<void> {
  await refuse(reply.code(404), 'there is no such endpoint')
}

/** Says why nothing was done, where the specification has no code of its own. */
export async function refuse(reply: Exchange['reply'], message: string, code = 'UNSUPPORTED'): Promise<void> {
  await sendJson(reply, { errors: [{ code, message }] })
}

import { RegistryError } from '@registry/core'
import { reasonOf, retryAfterSeconds } from '../errors.js'
import type { Exchange } from '../exchange.js'
import { sendJson } from '../send-json.js'

/** `/livez`: the process answers. */
export async function tellAlive({ reply }: Exchange): Promise<void> {
  await sendJson(reply, { status: 'ok' })
}

/** `/readyz`: index and storage answer too. */
export async function tellReady({ registry, reply, log }: Exchange): Promise<void> {
  try {
    await registry.check()
  } catch (error) {
    log.warn({ err: error }, 'not ready')
    reply.code(503).header('retry-after', retryAfterSeconds)
    await sendJson(reply, { status: 'unavailable', ...(RegistryError.is(error) ? reasonOf(error) : { reason: 'INTERNAL' }) })
    return
  }
  await sendJson(reply, { status: 'ok' })
}

import type { Exchange } from '../exchange.js'
import { sendJson } from '../send-json.js'

/** end-1: says that this is a registry. */
export async function checkVersion({ reply }: Exchange): Promise<void> {
  await sendJson(reply, {})
}

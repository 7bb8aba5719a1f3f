import { hostname } from 'node:os'
import type { Exchange } from '../exchange.js'
import { sendJson } from '../send-json.js'
import { version } from '../version.js'

/** `/`: a text for people. */
export async function welcome({ settings, reply }: Exchange): Promise<void> {
  await reply.header('content-type', 'text/plain; charset=utf-8').send(Buffer.from(settings.issue))
}

/** `/_ping`: as clients of the classic registry ask whether one is there. */
export async function ping({ settings: { flavor }, reply }: Exchange): Promise<void> {
  reply.header('x-docker-registry-version', version).header('x-docker-registry-standalone', 'True')
  if (flavor === undefined) {
    await sendJson(reply, {})
    return
  }
  reply.header('x-docker-registry-config', encodeURIComponent(flavor))
  await sendJson(reply, { host: hostname(), versions: { registry: version, node: process.versions.node } })
}

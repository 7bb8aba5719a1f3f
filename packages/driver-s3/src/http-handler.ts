import { readFile } from 'node:fs/promises'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { rootCertificates } from 'node:tls'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { configError } from './config-error.js'
import { messageOf } from './errors.js'
import type { Settings } from './settings.js'

/** Connections: as many as there are calls, since whoever reads slowly keeps one for long. */
export async function httpHandler({ caFile, proxy, connectTimeout, requestTimeout }: Settings): Promise<NodeHttpHandler> {
  const ca = caFile === undefined ? {} : { ca: [...rootCertificates, await certificatesIn(caFile)] }
  return new NodeHttpHandler({
    httpAgent: proxy ? new HttpProxyAgent(proxy, { keepAlive: true }) : new HttpAgent({ keepAlive: true }),
    httpsAgent: proxy ? tunnel(proxy, ca) : new HttpsAgent({ keepAlive: true, ...ca }),
    connectionTimeout: connectTimeout,
    requestTimeout,
    throwOnRequestTimeout: true,
    // A socket rests while its reader is slow. A body that the store lets hang is seen where it is read.
    socketTimeout: 0,
  })
}

/** What its constructor is given is for TLS with the proxy; `options` are for TLS with the store behind it. */
function tunnel(proxy: URL, ca: { readonly ca?: string[] }): HttpsProxyAgent<string> {
  const agent = new HttpsProxyAgent(proxy, { keepAlive: true, ...ca })
  Object.assign(agent.options, ca)
  return agent
}

async function certificatesIn(path: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8')
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text
  } catch (cause) {
    throw configError(`caFile: ${path} cannot be read: ${messageOf(cause)}`, cause)
  }
  throw configError(`caFile: ${path} has no certificate in PEM`)
}

import { isIP } from 'node:net'
import type { Configuration } from '../config/configuration.js'
import type { ServerAddress } from '../server.js'
import { warn } from './warn.js'

/** Tells people that the registry listens, what they should know, and what to do next. */
export function announce({ host, port, url }: ServerAddress, configuration: Configuration): void {
  const reachable = host === '0.0.0.0' || host === '::' ? `127.0.0.1:${port}` : url.slice('http://'.length)
  warn(configuration.warnings)
  if (!isLoopback(host)) warn([`there is no authentication yet; everyone who reaches ${url} can push and pull`])
  process.stdout.write(`Listening on  ${url}\n`)
  process.stdout.write(`Data in       ${whereIs(configuration)}\n`)
  process.stdout.write(`Push with     docker tag alpine ${reachable}/alpine && docker push ${reachable}/alpine\n`)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** The folder of the data, or the driver that has them and the options that say where. */
function whereIs({ storage: { module, options } }: Configuration): string {
  if (module.name === 'file') return String(options['root'])
  const places = ['bucket', 'container', 'root'].map((option) => options[option]).filter((value) => typeof value === 'string')
  return [module.name, ...places].join(' ')
}

import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from '@registry/engine'
import { buildApp } from './app.js'
import type { Log } from './log.js'
import type { RedirectOptions } from './redirects.js'
import { type ServerLimits, settingsOf } from './settings.js'
import { warningHeader } from './warning.js'

/** What a server does otherwise than by default. */
export interface ServerOptions {
  /** `true`: whatever would change something is answered 405. Default `false`. */
  readonly readOnly?: boolean
  /** `false`: every DELETE is answered 405. Default `true`. */
  readonly deletes?: boolean
  /** `false`: a mount has to say from which repository. Default `true`: who knows a blob's digest may have it mounted from wherever it is. */
  readonly anonymousMounts?: boolean
  /**
   * Who reads a blob that is one object is redirected to a URL of the storage, where its driver gives URLs: `{}` for all
   * clients and 20 minutes. What has none comes from here. Default: nobody is.
   */
  readonly redirects?: RedirectOptions
  /**
   * A path such as `/layers`, where nginx in front of the server has the files of the storage: it is told in
   * `X-Accel-Redirect` which of them to send. For a driver that keeps each object in a file at the path that its key is, as
   * `@registry/driver-file` does, and where every client comes through nginx. Where `redirects` has a URL, that counts.
   * Default: nginx is told nothing.
   */
  readonly nginxPrefix?: string
  /** Under which clients reach the registry, such as `https://registry.example.com`. Default: they are told paths alone, which suits every proxy. */
  readonly publicUrl?: string
  /** Origins whose pages may use the registry from a browser, such as `https://ui.example.com`, or `*`. Default: none. */
  readonly allowedOrigins?: readonly string[]
  /** A line that clients show to whoever uses them. */
  readonly warning?: string
  /** The text at `/`. */
  readonly issue?: string
  /** A name for the configuration, which `/_ping` tells then, with the host and versions. */
  readonly flavor?: string
  /** What differs from the default limits. Those of manifests and upload sessions are in the policy of the registry. */
  readonly limits?: Partial<ServerLimits>
  /** A pino logger, or one like it. Default: nothing is logged. */
  readonly logger?: Log
  /** Milliseconds without a byte in either direction after which a connection is closed. Default five minutes. */
  readonly idleMilliseconds?: number
  /** Milliseconds for which the rest of a body is read that was refused, before its connection is cut. Default 5 seconds. */
  readonly refusedBodyMilliseconds?: number
}

/** Where a server shall listen. */
export interface ListenOptions {
  /** Default 5000; 0 takes a free one. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
}

/** How a server is closed. */
export interface CloseOptions {
  /** Milliseconds that running requests have to end. Default 10 seconds. */
  readonly graceMilliseconds?: number
}

/** Where a server listens. */
export interface ServerAddress {
  /** As it was asked for: a name is not resolved. */
  readonly host: string
  /** The one that was taken, also where 0 was asked for. */
  readonly port: number
  /** `http://<host>:<port>` without a slash at its end, an IPv6 address in brackets. */
  readonly url: string
}

/** A request listener for any `node:http` server, which can also listen by itself. */
export interface RegistryServer extends RequestListener, AsyncDisposable {
  /** Listens on a port of its own. */
  listen(options?: ListenOptions): Promise<ServerAddress>
  /** Takes no more requests, and lets running ones end within the time for it. The registry stays open. */
  close(options?: CloseOptions): Promise<void>
}

/**
 * Serves a registry over HTTP.
 *
 * @throws `CONFIG`
 * @see distribution-spec
 */
export async function createServer(registry: Registry, options: ServerOptions = {}): Promise<RegistryServer> {
  const { allowedOrigins = [], warning, logger, idleMilliseconds = 300_000, refusedBodyMilliseconds = 5_000 } = options
  const { listener, server, close: closeApp } = buildApp(registry, {
    settings: settingsOf(options),
    allowedOrigins,
    warning: warning === undefined ? undefined : warningHeader(warning),
    logger,
    idleMilliseconds,
    refusedBodyMilliseconds,
  })
  const close = ({ graceMilliseconds = 10_000 }: CloseOptions = {}): Promise<void> => closeApp(graceMilliseconds)
  return Object.assign(listener, {
    async listen({ port = 5000, host = '127.0.0.1' }: ListenOptions = {}): Promise<ServerAddress> {
      server.listen({ port, host })
      await once(server, 'listening')
      const address = server.address() as AddressInfo
      return { host, port: address.port, url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}` }
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  })
}

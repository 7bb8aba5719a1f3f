import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { RegistryError } from '@registry/core'
import type { Registry } from '@registry/engine'
import type { Logger } from 'pino'
import { createServer, type RegistryServer, type ServerAddress } from '../server.js'
import { type LogLevel, stderrLogger } from './logger.js'
import { openRegistry } from './open-registry.js'
import { logRebuild } from './log-rebuild.js'
import { refuse } from './refuse.js'
import { rebuildProgress } from './rebuild-progress.js'

export interface ServeOptions {
  readonly port: number
  readonly host: string
  readonly storagePath: string
  readonly logLevel: LogLevel
  readonly publicUrl?: string
  readonly readOnly?: boolean
  readonly deletes?: boolean
}

/** Runs a registry until a signal ends it. */
export async function serve(options: ServeOptions): Promise<void> {
  const log = stderrLogger(options.logLevel)
  let registry: Registry | undefined
  try {
    const storagePath = resolve(options.storagePath)
    const onRebuildProgress = rebuildProgress(process.stderr, log)
    registry = await openRegistry(storagePath, log, { replacesDamaged: true, onRebuildProgress })
    logRebuild(registry, log)
    const { readOnly = false, deletes = true, publicUrl } = options
    const server = await createServer(registry, { logger: log, readOnly, deletes, ...(publicUrl !== undefined && { publicUrl }) })
    const address = await server.listen(options)
    announce(address, storagePath)
    endOnSignal(server, registry, log)
  } catch (error) {
    await registry?.close()
    log.debug({ err: error }, 'the start failed')
    refuse(reasonOf(error, options))
  }
}

function announce({ host, port, url }: ServerAddress, storagePath: string): void {
  const reachable = host === '0.0.0.0' || host === '::' ? `127.0.0.1:${port}` : url.slice('http://'.length)
  if (!isLoopback(host)) {
    process.stderr.write(`registry: warning: there is no authentication yet; everyone who reaches ${url} can push and pull\n`)
  }
  process.stdout.write(`Listening on  ${url}\n`)
  process.stdout.write(`Data in       ${storagePath}\n`)
  process.stdout.write(`Push with     docker tag alpine ${reachable}/alpine && docker push ${reachable}/alpine\n`)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** npm passes Ctrl-C on to its child, which then gets it twice: a repeat within this time is the same one. */
const sameSignalMilliseconds = 1000

/** The first signal lets running requests end, a later one ends at once. */
function endOnSignal(server: RegistryServer, registry: Registry, log: Logger): void {
  let since: number | undefined
  const end = (signal: NodeJS.Signals): void => {
    if (since !== undefined) {
      if (performance.now() - since > sameSignalMilliseconds) process.exit(1)
      return
    }
    since = performance.now()
    log.info({ signal }, 'ending')
    server
      .close()
      .then(() => registry.close())
      .catch((error: unknown) => {
        log.error({ err: error }, 'the end was not clean')
        process.exitCode = 1
      })
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
}

/** One line: what is wrong, and what to do. */
function reasonOf(error: unknown, { host, port }: ServeOptions): string {
  const code = (error as NodeJS.ErrnoException).code
  const { syscall } = error as NodeJS.ErrnoException
  if (RegistryError.is(error)) return error.message
  if (syscall === 'uv_cwd') return 'the working directory is gone; change to another, or give --storage-path as an absolute path'
  if (code === 'EADDRINUSE') return `port ${port} of ${host} is in use; choose another with --port`
  if (code === 'EACCES') return `port ${port} of ${host} is not this user's to open; choose one above 1023 with --port`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${host} is no address of this machine; choose another with --host`
  return error instanceof Error ? error.message : String(error)
}

import cluster from 'node:cluster'
import { createHash } from 'node:crypto'
import type { Configuration } from '../../config/configuration.js'

/** What a worker is told when it is started. */
export interface WorkerOrder {
  /** From 1. Who replaces a worker has its number. */
  readonly number: number
  /** No other worker runs. */
  readonly isAlone: boolean
  /** The port to listen on, where it is not the one of the configuration. */
  readonly port?: number
  /** Fingerprint of the configuration that all work with. */
  readonly configuration: string
}

const variable = 'REGISTRY_WORKER'

/** The environment that tells an order to the worker that is started with it. */
export function environmentOf(order: WorkerOrder): Readonly<Record<string, string>> {
  return { [variable]: JSON.stringify(order) }
}

/** The order of this process; `undefined` where it is no worker of ours. */
export function ownOrder(): WorkerOrder | undefined {
  const text = process.env[variable]
  return cluster.isWorker && text !== undefined ? (JSON.parse(text) as WorkerOrder) : undefined
}

/** The same for two configurations that say the same. */
export function fingerprint({ flavor, own, storage, index, hooks }: Configuration): string {
  const said = [flavor, own, ...[storage, index, ...hooks].map(({ module, options }) => [module.name, options])]
  return createHash('sha256').update(JSON.stringify(said)).digest('hex')
}

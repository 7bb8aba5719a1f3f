import { onTestFinished } from 'vitest'
import type { Body, Driver } from '@registry/core'
import { s3Driver, type S3DriverOptions } from '../src/index.js'
import { optionsFor } from './s3-harness.js'
import { startS3Server, type S3Server, type S3ServerOptions } from '@registry/services/s3-server'

export interface Started {
  readonly server: S3Server
  readonly driver: Driver
}

/** A server of its own for one test, and a driver on it that does not sweep, so that each request is one of the test. */
export async function startDriver(options: Partial<S3DriverOptions> = {}, serverOptions: S3ServerOptions = {}): Promise<Started> {
  const server = await startServer(serverOptions)
  const driver = await s3Driver({ ...optionsFor(server), sweep: false, ...options })
  onTestFinished(() => driver.close())
  server.takeRequests()
  return { server, driver }
}

export async function startServer(options: S3ServerOptions = {}): Promise<S3Server> {
  const server = await startS3Server(options)
  onTestFinished(() => server.close())
  return server
}

/** A body of so many bytes, in chunks of 64 KiB. */
export async function* bytes(size: number): Body & AsyncGenerator<Uint8Array, void> {
  const chunk = Buffer.alloc(64 * 1024, 'registry')
  for (let sent = 0; sent < size; sent += chunk.byteLength) yield chunk.subarray(0, Math.min(chunk.byteLength, size - sent))
}

/** How many bytes there are. */
export async function drained(body: Body): Promise<number> {
  let size = 0
  for await (const chunk of body) size += chunk.byteLength
  return size
}

export async function keysOf(driver: Driver): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of driver.list()) keys.push(key)
  return keys
}

export const mebibyte: number = 1024 * 1024

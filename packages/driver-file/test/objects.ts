import { readdir } from 'node:fs/promises'
import type { Driver, ObjectInfo, OpenObject } from '@registry/core'

export async function* bodyOf(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array, void> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

export async function readText(driver: Driver, key: string): Promise<string> {
  return (await readAll(await driver.open(key))).toString()
}

export async function readAll(object: OpenObject): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of object.body) chunks.push(Uint8Array.from(chunk))
  } finally {
    await object[Symbol.asyncDispose]()
  }
  return Buffer.concat(chunks)
}

export async function keysOf(infos: AsyncIterable<ObjectInfo>): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of infos) keys.push(key)
  return keys
}

/** Every name below the directory, also those that a driver does not show. */
export async function everyName(directory: string): Promise<string[]> {
  return (await readdir(directory, { recursive: true })).sort()
}

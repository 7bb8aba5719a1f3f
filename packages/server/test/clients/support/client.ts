import { join } from 'node:path'
import type { RegistryProcess } from '../../support/registry-process.js'
import { type Image, makeImage } from './image.js'
import { startRegistry } from './registry.js'

/** A client of registries, which starts without images, and what tests have it do. Names are `host:port/repository:tag` or `@digest`. */
export interface Client {
  /** Paths are relative to it. */
  readonly folder: string
  /** Runs its command. Resolves with what that printed. */
  run(...args: readonly string[]): Promise<string>
  /** Everything that it has, or nothing. */
  contents(): Promise<string>
  /** Takes an image from an archive, with its name. */
  load(archive: string): Promise<unknown>
  tag(name: string, another: string): Promise<unknown>
  /** Resolves with the digest of the manifest, as the client tells it. */
  push(name: string): Promise<string>
  /** Resolves with the digest of the manifest, as the client tells it. */
  pull(name: string): Promise<string>
  /** What it has by a name. */
  read(name: string): Promise<Image>
}

/** The first digest in what a client printed. */
export function digestIn(text: string): string {
  const found = /sha256:[0-9a-f]{64}/.exec(text)
  if (!found) throw new Error(`there is no digest in: ${text}`)
  return found[0]
}

export interface PushedImage {
  readonly registry: RegistryProcess
  readonly client: Client
  readonly image: Image
  readonly digest: string
}

/** A registry to which a client pushed an image of three layers, as team/image:v1. */
export async function pushedImage(startClient: () => Promise<Client>): Promise<PushedImage> {
  const registry = await startRegistry()
  const client = await startClient()
  const archive = join(client.folder, 'image.tar')
  const name = `${registry.address}/team/image:v1`
  const image = await makeImage(archive, name, [1000, 300_000, 8_000_000])
  await client.load(archive)
  return { registry, client, image, digest: await client.push(name) }
}

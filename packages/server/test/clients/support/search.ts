import { join } from 'node:path'
import { expect } from 'vitest'
import type { RegistryProcess } from '../../support/registry-process.js'
import type { Client } from './client.js'
import { makeImage } from './image.js'
import { startRegistry } from './registry.js'

/** A registry to which a client pushed images, and who searches it. */
export interface SearchedRegistry {
  readonly registry: RegistryProcess
  /** Searches for a term. Resolves with the lines that the client printed, with one mark between columns. */
  readonly search: (term: string, ...options: readonly string[]) => Promise<readonly string[]>
}

/** Images, by their repositories, with the descriptions that are in their labels. The best match for `alpine` is the last. */
const images: Readonly<Record<string, string>> = { tools: 'Runs on alpine', 'team/alpine': '', alpine: 'A small base image' }

/** A registry to which a client pushed images with labels, and which has read them. */
export async function searchedRegistry(startClient: () => Promise<Client>): Promise<SearchedRegistry> {
  const registry = await startRegistry()
  const client = await startClient()
  const archive = join(client.folder, 'image.tar')
  for (const [repository, description] of Object.entries(images)) {
    const name = `${registry.address}/${repository}:v1`
    await makeImage(archive, name, [1000], description === '' ? undefined : { 'org.opencontainers.image.description': description })
    await client.load(archive)
    await client.push(name)
  }
  // Labels are read behind the answer.
  await expect.poll(() => described(registry), { timeout: 20_000 }).toEqual(images)
  return {
    registry,
    search: async (term, ...options) => {
      const printed = await client.run('search', ...options, `${registry.address}/${term}`)
      return printed.split('\n').map((line) => line.trim().replaceAll(/\s{2,}/g, ' | ')).filter((line) => line !== '')
    },
  }
}

async function described({ address }: RegistryProcess): Promise<Readonly<Record<string, string>>> {
  const { results } = (await (await fetch(`http://${address}/v1/search`)).json()) as { readonly results: readonly { readonly name: string; readonly description: string }[] }
  return Object.fromEntries(results.map(({ name, description }) => [name, description]))
}

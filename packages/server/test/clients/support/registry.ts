import { randomUUID } from 'node:crypto'
import { vi } from 'vitest'
import { type LoggedRequest, type RegistryProcess, startRegistryProcess } from '../../support/registry-process.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { digestOf } from './image.js'

/** A registry in which nothing is. */
export async function startRegistry(): Promise<RegistryProcess> {
  return startRegistryProcess(temporaryFolder())
}

/** Takes the requests that were answered so far out of the log. */
export async function takeRequests({ address, requests }: RegistryProcess): Promise<readonly LoggedRequest[]> {
  // The line of a request may come after its answer, but not after the line of a later one.
  const url = `/v2/?last=${randomUUID()}`
  await fetch(`http://${address}${url}`)
  const placeInLog = (): number => {
    const found = requests.findIndex((request) => request.url === url)
    if (found < 0) throw new Error('the log does not go on')
    return found
  }
  const last = await vi.waitFor(placeInLog, { timeout: 20_000, interval: 5 })
  return requests.splice(0, last + 1).slice(0, last)
}

/** What was done about a repository, a digest or a tag, in order: methods with their answers. */
export function steps(requests: readonly LoggedRequest[], ...parts: readonly string[]): readonly string[] {
  const about = requests.filter(({ url }) => parts.every((part) => decodeURIComponent(url).includes(part)))
  return about.map(({ method, status }) => `${method} ${status}`)
}

interface Descriptor {
  readonly digest: string
  /** Bytes. */
  readonly size: number
}

/** A manifest as the registry serves it. */
export interface ServedManifest {
  /** Of its bytes. */
  readonly digest: string
  readonly mediaType: string
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
  readonly manifests: readonly (Descriptor & { readonly platform: { readonly architecture: string } })[]
}

/** The digests of its configuration and of its layers. */
export function blobsOf({ config, layers }: ServedManifest): readonly string[] {
  return [config, ...layers].map(({ digest }) => digest)
}

const types = ['oci.image.manifest.v1', 'oci.image.index.v1', 'docker.distribution.manifest.v2', 'docker.distribution.manifest.list.v2']

export async function servedManifest({ address }: RegistryProcess, repository: string, reference: string): Promise<ServedManifest> {
  const headers = { accept: types.map((type) => `application/vnd.${type}+json`).join() }
  const response = await fetch(`http://${address}/v2/${repository}/manifests/${reference}`, { headers })
  const bytes = Buffer.from(await response.arrayBuffer())
  return { ...(JSON.parse(bytes.toString()) as ServedManifest), digest: digestOf(bytes) }
}

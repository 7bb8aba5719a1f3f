import { expect } from 'vitest'
import type { TestServer } from '../../support/test-server.js'
import { type Descriptor, indexType } from './documents.js'

/** A descriptor as the referrers API lists it. */
export interface Referrer extends Descriptor {
  readonly artifactType?: string
  readonly annotations?: Readonly<Record<string, string>>
}

export interface ReferrersIndex {
  readonly schemaVersion: number
  readonly mediaType: string
  readonly manifests: readonly Referrer[]
}

interface ReferrersAnswer {
  readonly headers: Headers
  readonly manifests: readonly Referrer[]
}

/** Who refers to a digest. The answer has to be an image index. */
export async function referrersOf({ send }: TestServer, repository: string, digest: string, query = ''): Promise<ReferrersAnswer> {
  const response = await send('GET', `/v2/${repository}/referrers/${digest}${query}`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe(indexType)
  const index = (await response.json()) as ReferrersIndex
  expect(index).toMatchObject({ schemaVersion: 2, mediaType: indexType })
  return { headers: response.headers, manifests: index.manifests }
}

/** In order, to compare. */
export function digestsOf(manifests: readonly { readonly digest: string }[]): readonly string[] {
  return manifests.map(({ digest }) => digest).sort()
}

import { type Digest, mediaTypes } from '@registry/core'
import type { Exchange } from '../exchange.js'
import { nextPage } from '../page-link.js'
import { sendJson } from '../send-json.js'

interface ReferrersRequest {
  readonly repository: string
  readonly digest: Digest
  readonly artifactType: string | undefined
  readonly after: Digest | undefined
}

/** end-12a and end-12b. Never 404: what nobody refers to has an empty list, whether it is there or not. */
export async function listReferrers({ registry, settings, reply }: Exchange, request: ReferrersRequest): Promise<void> {
  const { repository, digest, artifactType, after } = request
  const { descriptors, more } = await registry.referrers.list(repository, digest, { artifactType, after, bytes: settings.limits.referrersBytes })
  if (artifactType !== undefined) reply.header('oci-filters-applied', 'artifactType')
  if (more) reply.header('link', nextPage(settings, `/v2/${repository}/referrers/${digest}`, { artifactType, last: descriptors.at(-1)?.digest }))
  await sendJson(reply, { schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: descriptors }, mediaTypes.imageIndex)
}

import { describeOrigin } from '@registry/core/config'
import type { Registry } from '@registry/engine'
import type { Configuration } from '../config/configuration.js'

/** What its owner should know of a configuration that asks for redirects to a storage that gives no URLs. */
export function missingRedirects({ blobs }: Pick<Registry, 'blobs'>, { own, values, storage }: Configuration): readonly string[] {
  const asked = values.get('storage_redirect')
  if (!own.storage_redirect || !asked || blobs.presign) return []
  const sender = own.nginx_x_accel_redirect !== undefined && storage.module.name === 'file' ? 'nginx' : 'the registry'
  return [`${describeOrigin(asked.origin)}: storage ${storage.module.name} gives no URLs to redirect to; ${sender} sends blobs`]
}

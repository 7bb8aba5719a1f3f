import type { Policy } from '@registry/engine'
import type { Configuration } from '../config/configuration.js'
import type { ServerOptions } from '../server.js'

/** What a configuration says to the server. */
export function serverOptions({ own, flavor, storage }: Configuration): ServerOptions {
  const { nginx_x_accel_redirect: nginxPrefix } = own
  return {
    readOnly: own.read_only,
    deletes: own.deletes,
    anonymousMounts: own.anonymous_mounts,
    idleMilliseconds: own.idle_timeout * 1000,
    ...(own.issue !== undefined && { issue: own.issue }),
    ...(own.debug && { flavor }),
    ...(own.public_url !== undefined && { publicUrl: own.public_url }),
    ...(own.allowed_origins !== undefined && { allowedOrigins: own.allowed_origins }),
    ...(own.warning !== undefined && { warning: own.warning }),
    ...(own.storage_redirect && { redirects: { seconds: own.storage_redirect_seconds, except: own.storage_redirect_except ?? [] } }),
    ...(nginxPrefix !== undefined && storage.module.name === 'file' && { nginxPrefix }),
    limits: {
      pageEntries: own['limits.page_entries'],
      referrersBytes: own['limits.referrers_bytes'],
      headerBytes: own['limits.header_bytes'],
      uploadsAtOnce: own['limits.uploads_at_once'],
      bufferedBytes: own['limits.buffered_bytes'],
    },
  }
}

/** What a configuration says to the engine. */
export function policyOf({ own }: Configuration): Partial<Policy> {
  return {
    search: own.search,
    manifestBytes: own['limits.manifest_bytes'],
    manifestDescriptors: own['limits.manifest_descriptors'],
    pushTags: own['limits.push_tags'],
    uploadSessions: own['limits.upload_sessions'],
    uploadMilliseconds: own['limits.upload_seconds'] * 1000,
  }
}

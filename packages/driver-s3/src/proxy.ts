import { configError, urlWithUser } from './config-error.js'
import type { S3DriverOptions } from './s3-driver-options.js'

/** The proxy as one URL, with its user. */
export function proxyOf({ proxy, proxyPort, proxyUser, proxyPass }: S3DriverOptions): URL | undefined {
  if (!proxy) {
    if (proxyPort === undefined && !proxyUser && !proxyPass) return undefined
    throw configError('proxy: expected a host beside proxyPort, proxyUser and proxyPass, got none')
  }
  const url = urlWithUser('proxy', proxy.includes('://') ? proxy : `http://${proxy}`)
  if (proxyPort !== undefined) url.port = String(proxyPort)
  if (proxyUser) url.username = encodeURIComponent(proxyUser)
  if (proxyPass) url.password = encodeURIComponent(proxyPass)
  return url
}

import { configError, urlOf } from './config-error.js'
import type { S3DriverOptions } from './s3-driver-options.js'

/** Where the store is; `undefined` for AWS. */
export function endpointOf({ endpoint, host, port, secure }: S3DriverOptions): URL | undefined {
  if (endpoint) return urlOf('endpoint', endpoint)
  if (!host) return undefined
  if (!/^[A-Za-z0-9.:[\]-]+$/.test(host)) throw configError(`host: expected the name of a host, got ${JSON.stringify(host)}`)
  // With it the SDK would not know the region from the host.
  if (/^s3[.-]?[a-z0-9-]*\.amazonaws\.com$/.test(host) && port === undefined && secure !== false) return undefined
  return urlOf('host', `${secure === false ? 'http' : 'https'}://${host}${port === undefined ? '' : `:${port}`}`)
}

/** Hosts that take the bucket in front of them alone. */
const subdomainsAlone = /(?:^|\.)(?:aliyuncs\.com|amazonaws\.com)$/

/** Whether the bucket stands in the path. Most stores that are not AWS have no names for their buckets. */
export function isPathStyle({ pathStyle, callingFormat }: S3DriverOptions, endpoint: URL | undefined): boolean {
  if (pathStyle !== undefined) return pathStyle
  if (!callingFormat) return endpoint !== undefined && !subdomainsAlone.test(endpoint.hostname)
  if (callingFormat.endsWith('OrdinaryCallingFormat')) return true
  if (/(?:Subdomain|VHost)CallingFormat$/.test(callingFormat)) return false
  throw configError(`callingFormat: expected OrdinaryCallingFormat or SubdomainCallingFormat, got ${JSON.stringify(callingFormat)}`)
}

import { expect, it } from 'vitest'
import { endpointOf, isPathStyle } from './endpoint.js'
import type { S3DriverOptions } from './s3-driver-options.js'

it.each<[Partial<S3DriverOptions>, string | undefined, boolean]>([
  [{}, undefined, false],
  [{ endpoint: 'https://minio.example.com:9000' }, 'https://minio.example.com:9000/', true],
  [{ endpoint: 'https://a.example.com', pathStyle: false }, 'https://a.example.com/', false],
  [{ host: 'ceph.example.com' }, 'https://ceph.example.com/', true],
  [{ host: 'ceph.example.com', port: 8080, secure: false }, 'http://ceph.example.com:8080/', true],
  [{ host: 'ceph.example.com', endpoint: 'http://other.example.com' }, 'http://other.example.com/', true],
  [{ host: 'ceph.example.com', callingFormat: 'boto.s3.connection.SubdomainCallingFormat' }, 'https://ceph.example.com/', false],
  [{ callingFormat: 'boto.s3.connection.OrdinaryCallingFormat' }, undefined, true],
  [{ host: 's3.amazonaws.com' }, undefined, false],
  [{ host: 's3-eu-west-1.amazonaws.com' }, undefined, false],
  [{ host: 's3.eu-west-1.amazonaws.com' }, undefined, false],
  [{ host: 'oss-cn-hangzhou.aliyuncs.com' }, 'https://oss-cn-hangzhou.aliyuncs.com/', false],
  [{ host: 'storage.googleapis.com' }, 'https://storage.googleapis.com/', true],
  [{ host: '', callingFormat: '' }, undefined, false],
])('%j is %s', (options, url, pathStyle) => {
  const all = { bucket: 'b', ...options }
  const endpoint = endpointOf(all)
  expect([endpoint?.href, isPathStyle(all, endpoint)]).toEqual([url, pathStyle])
})

it.each(['a b', 'a/b', 'http://a'])('the host %j is refused', (host) => {
  expect(() => endpointOf({ bucket: 'b', host })).toThrow(/^host: /)
})

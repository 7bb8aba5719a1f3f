import type { DriverModule } from '@registry/core'
import { s3Driver } from './s3-driver.js'
import type { S3DriverOptions } from './s3-driver-options.js'

const mebibyte = 2 ** 20

/** How the server finds this driver: `storage: s3`. */
export const driver: DriverModule<S3DriverOptions> = {
  contract: 1,
  name: 's3',
  options: {
    bucket: { type: 'string', required: true, description: 'Bucket that holds the objects. It has to exist.' },
    region: { type: 'string', description: 'Region of the bucket. Else on AWS what its environment and shared files say; then us-east-1.' },
    endpoint: { type: 'string', description: 'URL of a store that is not AWS.' },
    pathStyle: { type: 'boolean', description: 'Whether the bucket stands in the path. Else true where an endpoint is given.' },
    accessKey: { type: 'string', description: 'Access key. Else what AWS’s own chain finds: environment, shared files, roles.' },
    secretKey: { type: 'string', secret: true, description: 'Secret key of the access key.' },
    sessionToken: { type: 'string', secret: true, description: 'Session token of temporary credentials.' },
    root: { type: 'string', default: '/registry', description: 'Beginning of the names of all objects; slashes at its ends do not count.' },
    encryption: { type: 'string', choices: ['AES256', 'aws:kms'], description: 'Server-side encryption. Else whatever the bucket does.' },
    kmsKey: { type: 'string', description: 'Id or ARN of the key for aws:kms.' },
    storageClass: { type: 'string', description: 'Storage class of what is put. Else that of the bucket.' },
    checksums: {
      type: 'string',
      choices: ['when-supported', 'when-required'],
      description: 'When bodies carry a checksum beside the signature. Else when-supported on AWS, and when-required at an endpoint.',
    },
    partBytes: {
      type: 'integer',
      minimum: 5 * mebibyte,
      maximum: 5 * 2 ** 30,
      default: 8 * mebibyte,
      description: 'Bytes of a part; what is larger goes in several.',
    },
    concurrency: { type: 'integer', minimum: 1, maximum: 1000, default: 4, description: 'Parts of one object that are sent at once.' },
    bufferBytes: { type: 'integer', minimum: 5 * mebibyte, description: 'Bytes in memory, all puts together. Else 64 MiB, or eight parts.' },
    objectBytes: { type: 'integer', minimum: 1, description: 'The most bytes that one object may have. Else 8,192 parts, and 5 TiB at the most.' },
    connectTimeout: { type: 'integer', minimum: 1, default: 5000, description: 'Longest wait for a connection, in milliseconds.' },
    requestTimeout: { type: 'integer', minimum: 1, default: 60_000, description: 'Longest wait for an answer, or for bytes, in milliseconds.' },
    retries: { type: 'integer', minimum: 0, maximum: 100, default: 4, description: 'How often a request that failed in passing is sent again.' },
    caFile: { type: 'path', description: 'File with the certificates of further authorities, in PEM.' },
    proxy: { type: 'string', secret: true, description: 'HTTP proxy: a URL, or a host beside the other three.' },
    proxyPort: { type: 'integer', minimum: 1, maximum: 65_535, description: 'Port of the proxy.' },
    proxyUser: { type: 'string', description: 'User at the proxy.' },
    proxyPass: { type: 'string', secret: true, description: 'Password at the proxy.' },
    sweep: { type: 'boolean', default: true, description: 'Whether parts that dead processes left are removed after a day.' },
    redirectEndpoint: { type: 'string', description: 'URL under which clients reach the store, where that is another one.' },
    cloudfrontBase: { type: 'string', description: 'URL of a CloudFront distribution in front of the bucket.' },
    cloudfrontKeyid: { type: 'string', description: 'Id of the distribution’s key pair.' },
    cloudfrontKeysecret: { type: 'string', secret: true, description: 'Private key of that pair in PEM, or the path of a file that holds it.' },
    encrypt: { type: 'boolean', description: 'Older name of encryption AES256.' },
    secure: { type: 'boolean', description: 'Whether host is spoken to over TLS; it is, unless this is false.' },
    useSigv4: { type: 'boolean', description: 'Changes nothing: requests are always signed with version 4.' },
    host: { type: 'string', description: 'Older name of the host of endpoint.' },
    port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'Older name of the port of endpoint.' },
    debug: { type: 'integer', description: 'Changes nothing: what fails tells enough.' },
    callingFormat: { type: 'string', description: 'Older form of pathStyle, such as boto.s3.connection.OrdinaryCallingFormat.' },
  },
  open: s3Driver,
}

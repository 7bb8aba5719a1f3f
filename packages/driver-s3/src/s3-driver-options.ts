/** Options of {@link s3Driver}. Times are in milliseconds. */
export interface S3DriverOptions extends HeritageOptions {
  /** Bucket that holds the objects. It has to exist. */
  readonly bucket: string
  /** Region of the bucket. Default: on AWS what the SDK finds in the environment and the shared files; then `us-east-1`. */
  readonly region?: string | undefined
  /** URL of a store that is not AWS, such as `https://minio.example.com:9000`. */
  readonly endpoint?: string | undefined
  /** Whether the bucket stands in the path and not in the host name. Default: true where an endpoint is given. */
  readonly pathStyle?: boolean | undefined
  /** Access key. Default: the SDK's own credential chain. */
  readonly accessKey?: string | undefined
  /** Secret of the access key. One without the other is `CONFIG`. */
  readonly secretKey?: string | undefined
  /** Goes with the two of temporary credentials; without them it is `CONFIG`. */
  readonly sessionToken?: string | undefined
  /** Beginning of the names of all objects in the bucket; slashes at its ends do not count. Default `/registry`. */
  readonly root?: string | undefined
  /** Server-side encryption of what is put. Default: whatever the bucket does. */
  readonly encryption?: 'AES256' | 'aws:kms' | undefined
  /** Key for `aws:kms`. Default: the account's own key for S3. */
  readonly kmsKey?: string | undefined
  /** Storage class of what is put. Default: that of the bucket. */
  readonly storageClass?: string | undefined
  /** When bodies are sent with a checksum beside the signature. Default `when-supported` on AWS, `when-required` at an endpoint. */
  readonly checksums?: 'when-supported' | 'when-required' | undefined
  /** Bytes of a part; what is larger than one goes in several. Default 8 MiB, at least 5 MiB. */
  readonly partBytes?: number | undefined
  /** Parts of one object that are sent at once. Default 4. */
  readonly concurrency?: number | undefined
  /** Bytes of bodies that the driver may hold in memory, all puts together. Default 64 MiB, or eight parts. */
  readonly bufferBytes?: number | undefined
  /** `capabilities.limits.objectBytes`. Default: 8,192 parts, 5 TiB at most. */
  readonly objectBytes?: number | undefined
  /** Longest wait for a connection. Default 5,000. */
  readonly connectTimeout?: number | undefined
  /** Longest wait for an answer, and for the next bytes of a body. Default 60,000. */
  readonly requestTimeout?: number | undefined
  /** How often a request that failed in passing is sent again. Default 4. */
  readonly retries?: number | undefined
  /** File with the certificates of further authorities, in PEM. */
  readonly caFile?: string | undefined
  /** HTTP proxy: a URL, or a host beside the other three. */
  readonly proxy?: string | undefined
  /** In place of the port in `proxy`. Default: the one there, or that of its scheme. Without `proxy` it is `CONFIG`. */
  readonly proxyPort?: number | undefined
  /** In place of the user in `proxy`, not percent-encoded. Without `proxy` it is `CONFIG`. */
  readonly proxyUser?: string | undefined
  /** In place of the password in `proxy`, not percent-encoded. Without `proxy` it is `CONFIG`. */
  readonly proxyPass?: string | undefined
  /** Whether a start, and each day after it, removes the parts that processes left which died more than a day ago. Default true. */
  readonly sweep?: boolean | undefined
  /** URL under which clients reach the store, where that is another one than the registry's own. */
  readonly redirectEndpoint?: string | undefined
  /** URL of a CloudFront distribution in front of the bucket; presigned URLs are then its. */
  readonly cloudfrontBase?: string | undefined
  /** Id of the distribution's key pair. */
  readonly cloudfrontKeyid?: string | undefined
  /** Private key of that pair in PEM, or the path of a file that holds it. */
  readonly cloudfrontKeysecret?: string | undefined
}

/** What older configurations say in other words. The options above win. */
export interface HeritageOptions {
  /** `encryption: AES256`. */
  readonly encrypt?: boolean | undefined
  /** Whether `host` is spoken to over TLS. Default true. */
  readonly secure?: boolean | undefined
  /** Changes nothing: requests are signed with version 4 always. */
  readonly useSigv4?: boolean | undefined
  /** Host of `endpoint`. */
  readonly host?: string | undefined
  /** Port of `endpoint`. */
  readonly port?: number | undefined
  /** Changes nothing: what fails tells enough. */
  readonly debug?: number | undefined
  /** `pathStyle`, by the name of a class of boto that ends in `OrdinaryCallingFormat` or `SubdomainCallingFormat`. */
  readonly callingFormat?: string | undefined
}

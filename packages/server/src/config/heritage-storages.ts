/** A storage as older configurations have it, with flat options such as `s3_bucket`. */
export interface HeritageStorage {
  /** The driver that serves it. */
  readonly driver: string
  /** The options of the driver for names that do not begin with the storage's own. The later ones count more. */
  readonly options?: Readonly<Record<string, string>>
  /** What is refused where it is `true`, and why. */
  readonly refused?: Readonly<Record<string, string>>
  /** What the name alone says. */
  readonly preset?: Readonly<Record<string, string>>
  /** An option without which the driver would use a store of somebody else, those of the driver that do as well, and what it takes. */
  readonly needed?: { readonly option: string; readonly otherwise: readonly string[]; readonly allowed: string }
}

const boto = {
  boto_bucket: 'bucket',
  boto_host: 'host',
  boto_port: 'port',
  boto_debug: 'debug',
  boto_calling_format: 'calling_format',
  boto_proxy: 'proxy',
  boto_proxy_port: 'proxy_port',
  boto_proxy_user: 'proxy_user',
  boto_proxy_pass: 'proxy_pass',
}

/** Storages by the names that `storage` has for them. `NAME_x` is the driver's option `x`, and `storage_path` its `root`. */
const storages: Readonly<Record<string, HeritageStorage>> = {
  local: { driver: 'file' },
  s3: {
    driver: 's3',
    options: { ...boto, 'cloudfront.base': 'cloudfront_base', 'cloudfront.keyid': 'cloudfront_keyid', 'cloudfront.keysecret': 'cloudfront_keysecret' },
  },
  gcs: {
    driver: 's3',
    options: { ...boto, gs_access_key: 'access_key', gs_secret_key: 'secret_key', gs_secure: 'secure' },
    refused: { oauth2: 'storage gcs speaks S3’s protocol, which takes interoperability keys: make a pair, and set gs_access_key and gs_secret_key' },
    preset: { host: 'storage.googleapis.com' },
  },
  oss: {
    driver: 's3',
    options: { ...boto, oss_accessid: 'access_key', oss_accesskey: 'secret_key' },
    needed: { option: 'oss_host', otherwise: ['host', 'endpoint'], allowed: 'the host of its region, such as oss-cn-hangzhou.aliyuncs.com' },
  },
  azureblob: {
    driver: 'azureblob',
    options: {
      azure_storage_account_name: 'account_name',
      azure_storage_account_key: 'account_key',
      azure_storage_container: 'container',
      azure_use_https: 'use_https',
    },
  },
  glance: {
    driver: 'glance',
    options: {
      storage_alternate: 'storage_alternate',
      swift_authurl: 'swift_authurl',
      swift_container: 'swift_container',
      swift_user: 'swift_user',
      swift_password: 'swift_password',
      swift_tenant_name: 'swift_tenant_name',
      swift_region_name: 'swift_region_name',
    },
  },
}

/** How older configurations have a storage; every storage is one of its own name at the least. */
export function heritageOf(storage: string): HeritageStorage {
  return Object.hasOwn(storages, storage) ? storages[storage]! : { driver: storage }
}

/** Whether an option belongs to some storage of the older registry. */
export function isOfSomeStorage(option: string): boolean {
  return /^(?:s3|boto|gs|oss|azure|swift|glance|elliptics)_|^cloudfront\.|^(?:storage_alternate|oauth2)$/.test(option)
}

import type { OptionSchema, OptionsSchema } from '@registry/core'

const text: OptionSchema = { type: 'string', description: 'A text.' }
const secret: OptionSchema = { ...text, secret: true }
const flag: OptionSchema = { type: 'boolean', description: 'A flag.' }
const number: OptionSchema = { type: 'integer', description: 'A number.' }
const list: OptionSchema = { type: 'list', description: 'A list.' }

interface StandIn {
  readonly packageName: string
  readonly schema: OptionsSchema
}

/** Drivers with the options that the older ones had. */
export const drivers: Readonly<Record<string, StandIn>> = {
  s3: {
    packageName: '@registry/driver-s3',
    schema: {
      ...{ bucket: { ...text, required: true }, region: text, accessKey: secret, secretKey: secret, root: text, host: text, port: number, debug: number },
      ...{ encrypt: flag, secure: flag, useSigv4: flag, callingFormat: text, proxy: text, proxyPort: number, proxyUser: text, proxyPass: secret },
      ...{ cloudfrontBase: text, cloudfrontKeyid: text, cloudfrontKeysecret: secret },
    },
  },
  azureblob: { packageName: 'registry-driver-azureblob', schema: { accountName: text, accountKey: secret, container: text, useHttps: flag } },
  swift: { packageName: 'registry-driver-swift', schema: { authurl: text, container: text, user: text, password: secret, tenantName: text, regionName: text, root: text } },
  glance: {
    packageName: 'registry-driver-glance',
    schema: { root: text, storageAlternate: text, swiftAuthurl: text, swiftContainer: text, swiftUser: text, swiftPassword: secret, swiftTenantName: text, swiftRegionName: text },
  },
  elliptics: { packageName: 'registry-driver-elliptics', schema: { nodes: list, groups: list } },
}

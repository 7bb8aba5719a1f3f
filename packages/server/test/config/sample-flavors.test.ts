import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { heritageOf } from '../../src/config/heritage-storages.js'
import { notInstalled } from '../../src/modules/not-installed.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { loadSample, openOnce, refusalOf } from './support/load.js'
import { installRecording, lastOpened } from './support/recording-module.js'
import { drivers } from './support/stand-ins.js'

const aws = { AWS_BUCKET: 'images', AWS_KEY: 'AKIA0', AWS_SECRET: 'a#b@c: d', AWS_REGION: 'eu-west-1' }
const amazon = { bucket: 'images', accessKey: 'AKIA0', secretKey: 'a#b@c: d', region: 'eu-west-1', encrypt: true, secure: true, debug: 0 }
const swift = { OS_AUTH_URL: 'https://keystone:5000/v2', OS_CONTAINER: 'images', OS_USERNAME: 'me', OS_PASSWORD: '007', OS_TENANT_NAME: 'team', OS_REGION_NAME: 'north' }
const inSwift = { authurl: 'https://keystone:5000/v2', container: 'images', user: 'me', password: '007', tenantName: 'team', regionName: 'north', root: '/registry' }
const glanceInSwift = {
  ...{ swiftAuthurl: 'https://keystone:5000/v2', swiftContainer: 'images', swiftUser: 'me', swiftPassword: '007', swiftTenantName: 'team', swiftRegionName: 'north' },
  ...{ root: '/registry', storageAlternate: 'swift' },
}

/** What a flavor of the sample hands to its driver, given the variables that it needs. */
const remote: readonly { readonly flavor: string; readonly driver: string; readonly variables: Record<string, string>; readonly options: object }[] = [
  { flavor: 's3', driver: 's3', variables: aws, options: { ...amazon, root: '/registry' } },
  { flavor: 's3', driver: 's3', variables: { AWS_BUCKET: '12345', STORAGE_PATH: '/mine', AWS_ENCRYPT: 'false', AWS_SECURE: 'no', AWS_USE_SIGV4: 'true', AWS_DEBUG: '2' }, options: { bucket: '12345', root: '/mine', encrypt: false, secure: false, useSigv4: true, debug: 2 } },
  {
    flavor: 'ceph-s3',
    driver: 's3',
    variables: { ...aws, AWS_HOST: 'ceph.example.com', AWS_PORT: '7480', AWS_CALLING_FORMAT: 'boto.s3.connection.OrdinaryCallingFormat' },
    options: {
      ...{ bucket: 'images', accessKey: 'AKIA0', secretKey: 'a#b@c: d', encrypt: false, secure: false, debug: 0, root: '/registry' },
      ...{ host: 'ceph.example.com', port: 7480, callingFormat: 'boto.s3.connection.OrdinaryCallingFormat' },
    },
  },
  {
    flavor: 'cloudfronts3',
    driver: 's3',
    variables: { ...aws, CF_BASE_URL: 'https://d1.cloudfront.net', CF_KEYID: 'APKA', CF_KEYSECRET: '/etc/cloudfront.pem' },
    options: { ...amazon, root: '/registry', cloudfrontBase: 'https://d1.cloudfront.net', cloudfrontKeyid: 'APKA', cloudfrontKeysecret: '/etc/cloudfront.pem' },
  },
  { flavor: 'prod', driver: 's3', variables: aws, options: { ...amazon, root: '/prod' } },
  {
    flavor: 'gcs',
    driver: 's3',
    variables: { GCS_BUCKET: 'images', GCS_KEY: 'GOOG0', GCS_SECRET: 'secret', GCS_SECURE: 'false' },
    options: { bucket: 'images', accessKey: 'GOOG0', secretKey: 'secret', secure: false, host: 'storage.googleapis.com', root: '/registry' },
  },
  {
    flavor: 'oss',
    driver: 's3',
    variables: { OSS_HOST: 'oss-cn-hangzhou.aliyuncs.com', OSS_BUCKET: 'images', OSS_KEY: 'LTAI', OSS_SECRET: 'secret' },
    options: { bucket: 'images', accessKey: 'LTAI', secretKey: 'secret', host: 'oss-cn-hangzhou.aliyuncs.com', root: '/registry/' },
  },
  {
    flavor: 'azureblob',
    driver: 'azureblob',
    variables: { AZURE_STORAGE_ACCOUNT_NAME: 'account', AZURE_STORAGE_ACCOUNT_KEY: 'a2V5==', AZURE_USE_HTTPS: 'false' },
    options: { accountName: 'account', accountKey: 'a2V5==', container: 'registry', useHttps: false },
  },
  { flavor: 'swift', driver: 'swift', variables: swift, options: inSwift },
  { flavor: 'glance', driver: 'glance', variables: { STORAGE_PATH: '/mine' }, options: { root: '/mine', storageAlternate: 'file' } },
  { flavor: 'openstack', driver: 'glance', variables: { GLANCE_STORAGE_ALTERNATE: 'swift' }, options: { root: './data', storageAlternate: 'swift' } },
  { flavor: 'glance-swift', driver: 'glance', variables: swift, options: glanceInSwift },
  { flavor: 'openstack-swift', driver: 'glance', variables: swift, options: glanceInSwift },
  { flavor: 'elliptics', driver: 'elliptics', variables: { ELLIPTICS_NODES: '[one, two]', ELLIPTICS_GROUPS: '[1, 2]' }, options: { nodes: ['one', 'two'], groups: ['1', '2'] } },
]

const local = [
  { flavor: 'local', path: 'data' },
  { flavor: 'dev', path: 'data' },
  { flavor: 'test', path: 'tmp/test' },
]

describe('a flavor of the sample', () => {
  it.each(remote)('$flavor hands each value to the driver $driver', async ({ flavor, driver, variables, options }) => {
    const folder = temporaryFolder()
    const { packageName, schema } = drivers[driver]!
    installRecording('driver', folder, packageName, driver, schema)
    installRecording('index', folder, 'registry-index-recorded', 'recorded', {})
    const configuration = await loadSample(folder, { SETTINGS_FLAVOR: flavor, REGISTRY_INDEX: 'recorded', ...variables })
    expect(configuration.warnings).toEqual([])
    await openOnce(configuration)
    expect(lastOpened(driver)).toEqual(options)
  })

  it.each(local)('$flavor keeps data in a folder, with the index beside them', async ({ flavor, path }) => {
    const folder = temporaryFolder()
    const { storage, index } = await loadSample(folder, { SETTINGS_FLAVOR: flavor })
    expect([storage.module.name, storage.options['root']]).toEqual(['file', join(process.cwd(), path)])
    expect([index.module.name, index.options['file']]).toEqual(['sqlite', join(process.cwd(), path, '@index.sqlite')])
    const elsewhere = await loadSample(folder, { SETTINGS_FLAVOR: flavor, STORAGE_PATH: '/srv/registry' })
    expect([elsewhere.storage.options['root'], elsewhere.index.options['file'], elsewhere.warnings]).toEqual(['/srv/registry', '/srv/registry/@index.sqlite', []])
  })

  it('is dev where none is named, and tells more there', async () => {
    const [dev, prodLike] = [await loadSample(temporaryFolder(), {}), await loadSample(temporaryFolder(), { SETTINGS_FLAVOR: 'local' })]
    expect([dev.flavor, dev.own.debug, prodLike.own.debug]).toEqual(['dev', true, false])
  })

  it.each([
    ['azureblob', 'registry-driver-azureblob'],
    ['openstack-swift', 'registry-driver-glance'],
  ])('%s says which package to install where its driver is missing', async (flavor, install) => {
    const folder = temporaryFolder()
    const lines = await refusalOf(loadSample(folder, { SETTINGS_FLAVOR: flavor }))
    expect(lines).toEqual([expect.stringMatching(new RegExp(`config\\.yml: ${flavor}\\.storage: no package .*npm install ${install}\` in ${folder}`))])
  })

  it.each(['s3', 'gcs', 'oss'])('%s has the driver of S3, which is ours', (storage) => {
    expect(notInstalled('driver', heritageOf(storage).driver, { folder: '/srv' }).message).toContain('`npm install @registry/driver-s3` in /srv')
  })

  it('of Google Cloud Storage refuses oauth2, and says what to use', async () => {
    const folder = temporaryFolder()
    installRecording('driver', folder, '@registry/driver-s3', 's3', drivers['s3']!.schema)
    const lines = await refusalOf(loadSample(folder, { SETTINGS_FLAVOR: 'gcs', GCS_BUCKET: 'images', GCS_OAUTH2: 'true', SEARCH_BACKEND: 'sqlalchemy', SQLALCHEMY_INDEX_DATABASE: 'sqlite:////srv/index' }))
    expect(lines).toEqual([expect.stringMatching(/^GCS_OAUTH2 .*gcs\.oauth2.*oauth2 is not supported.*interoperability keys/)])
  })

  it('of Alibaba OSS needs a host, without which it would be a store of Amazon', async () => {
    const variables = { SETTINGS_FLAVOR: 'oss', OSS_BUCKET: 'images', REGISTRY_INDEX: 'sqlite', REGISTRY_SQLITE_FILE: '/srv/index' }
    const lines = await refusalOf(loadSample(temporaryFolder(), variables))
    expect(lines).toEqual([expect.stringMatching(/^OSS_HOST .*oss_host.* is missing, .* the host of its region, such as oss-cn-hangzhou\.aliyuncs\.com$/)])
    for (const option of ['OSS_HOST', 'REGISTRY_S3_ENDPOINT']) {
      expect((await loadSample(temporaryFolder(), { ...variables, [option]: 'https://oss.example.com' })).storage.module.name).toBe('s3')
    }
  })
})

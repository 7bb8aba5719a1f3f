import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { loadText, refusalOf } from './support/load.js'
import { installPackage } from './support/outside-package.js'
import { installRecording } from './support/recording-module.js'

const dynamodb = ['database', 'repositoryTable', 'versionTable', 'region', 'endpoint', 'accessKey', 'secretAccessKey']
const texts = Object.fromEntries(dynamodb.map((name) => [name, { type: 'string', description: 'A text.' }] as const))

function folderWithModules(): string {
  const folder = temporaryFolder()
  installRecording('index', folder, '@registry/index-dynamodb', 'dynamodb', texts)
  const options = "{ region: { type: 'string', description: 'A text.' }, accessKey: { type: 'string', description: 'A text.' }, secretKey: { type: 'string', description: 'A text.' } }"
  installPackage(folder, '@registry/driver-s3', `export const driver = { contract: 1, name: 's3', options: ${options}, async open() {} }`)
  return folder
}

async function indexOf(text: string, environment: Record<string, string> = {}): Promise<readonly [string, unknown]> {
  const { index } = await loadText(folderWithModules(), `dev:\n${text}`, { environment })
  return [index.module.name, index.module.name === 'sqlite' ? index.options['file'] : index.options]
}

describe('the index', () => {
  it('is SQLite beside the data where the storage is a folder and nothing is said', async () => {
    expect(await indexOf('  storage_path: /srv/registry\n')).toEqual(['sqlite', '/srv/registry/@index.sqlite'])
    expect(await indexOf('  storage: local\n')).toEqual(['sqlite', resolve('data/@index.sqlite')])
    expect(await indexOf('  storage_path: /srv/registry\n', { REGISTRY_STORAGE_PATH: '/mnt' })).toEqual(['sqlite', '/mnt/@index.sqlite'])
    expect(await indexOf('  storage_path: /srv/registry\n  search_backend:\n')).toEqual(['sqlite', '/srv/registry/@index.sqlite'])
  })

  it('is the file that the section names, before every other', async () => {
    const both = '  search_backend: sqlalchemy\n  sqlalchemy_index_database: sqlite:////var/old.db\n  sqlite: {file: /var/new.db}\n'
    expect(await indexOf(both)).toEqual(['sqlite', '/var/new.db'])
    expect(await indexOf('  sqlite: {file: /var/new.db}\n')).toEqual(['sqlite', '/var/new.db'])
  })

  it.each([
    ['sqlite:////var/lib/index.db', '/var/lib/index.db'],
    ['sqlite:///index.db', resolve('index.db')],
    ['SQLite+pysqlite:////var/index.db?timeout=5', '/var/index.db'],
  ])('with search_backend sqlalchemy is the file of %s', async (url, file) => {
    expect(await indexOf(`  search_backend: sqlalchemy\n  sqlalchemy_index_database: ${url}\n`)).toEqual(['sqlite', file])
  })

  it('with search_backend sqlalchemy and no database is beside the data', async () => {
    expect(await indexOf('  storage_path: /srv\n  search_backend: sqlalchemy\n')).toEqual(['sqlite', '/srv/@index.sqlite'])
  })

  it('does not look at the database of SQLAlchemy where search_backend is something else', async () => {
    expect(await indexOf('  storage_path: /srv\n  sqlalchemy_index_database: mysql://db/x\n')).toEqual(['sqlite', '/srv/@index.sqlite'])
  })

  it.each([
    ['postgresql://user:hidden@db/registry', /a database of postgresql is not supported; take sqlite:\/\/\/\/absolute.*index: dynamodb.*Postgres example/],
    ['mysql+pymysql://user:hidden@db/registry', /a database of mysql\+pymysql is not supported/],
    ['sqlite://', /in memory would be lost/],
    ['sqlite:///:memory:', /in memory would be lost/],
    ['/var/index.db', /found no database URL/],
  ])('refuses the database %s', async (url, line) => {
    const lines = await refusalOf(loadText(temporaryFolder(), `dev:\n  search_backend: sqlalchemy\n  sqlalchemy_index_database: '${url}'\n`))
    expect(lines).toEqual([expect.stringMatching(line)])
    expect(lines[0]).toContain('dev.sqlalchemy_index_database')
    expect(lines[0]).not.toContain('hidden')
  })

  it('has to be named for a storage that is no folder', async () => {
    const [line, ...more] = await refusalOf(loadText(folderWithModules(), 'dev:\n  storage: s3\n'))
    expect(line).toMatch(/^index: storage s3 has no place for an index beside its data, .*`index: dynamodb`.*`index: sqlite` with `sqlite: {file: \/path/)
    expect(more).toEqual([])
    const without = await refusalOf(loadText(folderWithModules(), 'dev:\n  storage: s3\n  index: sqlite\n'))
    expect(without).toEqual([expect.stringMatching(/^sqlite\.file: is missing, it has to be a path/)])
    expect(await indexOf('  storage: s3\n  index: sqlite\n  sqlite: {file: /var/index.db}\n')).toEqual(['sqlite', '/var/index.db'])
  })

  it('is DynamoDB with the older name of its backend, and its options wherever they stand', async () => {
    const section = '  extensions:\n    dynamodb_index:\n      database: images\n      endpoint: http://127.0.0.1:8000\n'
    expect(await indexOf(`  search_backend: docker_registry_index.dynamodb\n${section}`)).toEqual(['dynamodb', { database: 'images', endpoint: 'http://127.0.0.1:8000' }])
    const top = `${section.replaceAll(/^ {2}/gm, '').replace('images', 'shared')}    region: us-east-2\n`
    const { index } = await loadText(folderWithModules(), `dev:\n  index: dynamodb\n${section}${top}`)
    expect(index.options).toEqual({ database: 'images', endpoint: 'http://127.0.0.1:8000', region: 'us-east-2' })
  })

  it('of DynamoDB takes region and keys from S3 where it has none of its own', async () => {
    const s3 = '  storage: s3\n  index: dynamodb\n  s3_region: eu-west-1\n  s3_access_key: AKIA\n  s3_secret_key: secret\n'
    expect(await indexOf(s3)).toEqual(['dynamodb', { region: 'eu-west-1', accessKey: 'AKIA', secretAccessKey: 'secret' }])
    expect(await indexOf(`${s3}  extensions: {dynamodb_index: {region: us-east-1, repository_table: r}}\n`)).toEqual([
      'dynamodb',
      { region: 'us-east-1', accessKey: 'AKIA', secretAccessKey: 'secret', repositoryTable: 'r' },
    ])
    expect(await indexOf('  index: dynamodb\n  s3_region: eu-west-3\n')).toEqual(['dynamodb', { region: 'eu-west-3' }])
    const section = '  storage: s3\n  index: dynamodb\n  s3: {region: eu-west-2, access_key: BKIA}\n'
    expect(await indexOf(section)).toEqual(['dynamodb', { region: 'eu-west-2', accessKey: 'BKIA' }])
    expect(await indexOf(`${s3}  dynamodb: {region: us-west-1, access_key: other}\n`)).toEqual(['dynamodb', { region: 'us-west-1', accessKey: 'other', secretAccessKey: 'secret' }])
  })

  it('may not have the name of the driver', async () => {
    const folder = temporaryFolder()
    for (const kind of ['driver', 'index']) installPackage(folder, `registry-${kind}-pg`, `export const ${kind} = { contract: 1, name: 'pg', options: {}, async open() {} }`)
    const lines = await refusalOf(loadText(folder, 'dev:\n  storage: pg\n  index: pg\n'))
    expect(lines).toEqual(['index: the driver and the index are both called pg, and would have one section: one of them needs another name'])
  })

  it('named by `index` counts more than the backend of the search', async () => {
    expect(await indexOf('  storage_path: /srv\n  index: sqlite\n  search_backend: docker_registry_index.dynamodb\n')).toEqual(['sqlite', join('/srv', '@index.sqlite')])
  })
})

import { symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { loadSample, loadText, refusalOf } from './support/load.js'
import { installRecording } from './support/recording-module.js'

const warned = async (text: string, environment: Record<string, string> = {}): Promise<readonly string[]> => (await loadText(temporaryFolder(), `dev:\n  storage_path: /srv\n${text}`, { environment })).warnings

describe('what a configuration says in vain', () => {
  it('is told once, with the option that may be meant', async () => {
    expect(await warned('  loglevl: debug\n  cache: {hots: x}\n  wholly: {unknown: 1}\n')).toEqual([
      expect.stringMatching(/config\.yml: dev\.loglevl: is no option, it is ignored; did you mean loglevel\?$/),
      expect.stringMatching(/dev\.cache\.hots: is no option, it is ignored; did you mean cache\.host\?$/),
      expect.stringMatching(/dev\.wholly\.unknown: is no option, it is ignored$/),
    ])
  })

  it('is told of other storages and indexes in one line', async () => {
    expect(await warned('  s3_bucket: images\n  boto_host: ceph\n  cloudfront: {base: x}\n  extensions: {dynamodb_index: {database: x}}\n')).toEqual([
      'not used with storage file and index sqlite: s3_bucket, boto_host, cloudfront.base, extensions.dynamodb_index.database',
    ])
  })

  it.each([
    ['  standalone: false\n', /dev\.standalone: tokens: not active yet; no token is asked for: everyone/],
    ['  index_endpoint: https://index.example.com\n', /dev\.index_endpoint: tokens: not active yet/],
    ['  disable_token_auth: false\n', /dev\.disable_token_auth: tokens: not active yet/],
    ['  privileged_key: /etc/key.pem\n', /administration by privileged_key: not active yet/],
    ['  mirroring: {source: https://registry-1.example.com, tags_cache_ttl: 60}\n', /dev\.mirroring\.source: mirroring: not active yet/],
    ['  mirroring: {tags_cache_ttl: 60}\n', /dev\.mirroring\.tags_cache_ttl: mirroring: not active yet/],
    ['  cache: {host: redis, port: 6379, db: 0, password: 1234}\n', /the cache in redis: not active yet/],
    ['  cache: {port: 6379}\n', /dev\.cache\.port: the cache in redis: not active yet/],
    ['  cache_lru: {host: redis}\n', /the cache of small objects in redis: not active yet/],
    ['  email_exceptions: {smtp_host: mail, smtp_port: 25}\n', /mail on errors: not active yet/],
    ['  smtp_host: mail\n  from_addr: a@b.c\n  to_addr: d@e.f\n', /dev\.smtp_host: mail on errors: not active yet/],
    ['  cors: {origins: [https://ui.example.com], max_age: 60}\n', /cors: not active yet; `allowed_origins`/],
    ['  cors: {max_age: 60}\n', /dev\.cors\.max_age: cors: not active yet/],
  ])('and is of a later version is told: %j', async (text, line) => {
    expect(await warned(text)).toEqual([expect.stringMatching(line)])
  })

  it('is nothing where what is of a later version is switched off', async () => {
    expect(await warned('  standalone: true\n  disable_token_auth: true\n  cache: {port: _env:X:6379}\n  search_backend:\n')).toEqual([])
  })

  it('is told of variables: unknown ones of ours, and those of gunicorn and New Relic', async () => {
    expect(await warned('', { REGISTRY_PROT: '1', GUNICORN_BIND: 'x', NEW_RELIC_KEY: 'x', GUNICORN_WORKERS: '1', PATH: '/bin' })).toEqual([
      'REGISTRY_PROT: is no option, it is ignored; did you mean REGISTRY_PORT?',
      'not used: GUNICORN_BIND, NEW_RELIC_KEY: there is neither gunicorn nor New Relic in this registry',
    ])
  })

  it('is told once of all that Kubernetes sets for a Service called registry, and the port stays', async () => {
    const environment = { REGISTRY_PORT: 'tcp://10.0.0.1:5000', REGISTRY_SERVICE_HOST: '10.0.0.1', REGISTRY_PORT_5000_TCP: 'tcp://10.0.0.1:5000', REGISTRY_CACHE_PORT: 'tcp://10.0.0.2:6379', REGISTRY_CACHE_SERVICE_PORT: '6379', REGISTRY_HOST: '0.0.0.0' }
    const { warnings, own } = await loadText(temporaryFolder(), 'dev:\n  storage_path: /srv\n', { environment })
    expect(warnings).toEqual([expect.stringMatching(/^variables that Kubernetes sets for a Service called registry are ignored/)])
    expect([own.port, own.host]).toEqual([5000, '0.0.0.0'])
  })

  it('is told of data and index in the folder for temporary files', async () => {
    const folder = join(tmpdir(), 'registry')
    expect((await loadText(temporaryFolder(), `dev:\n  storage_path: ${folder}\n`)).warnings).toEqual([expect.stringContaining(`${folder} is in the folder for temporary files, which the system empties`)])
    expect(await warned(`  sqlite: {file: ${join(folder, 'index')}}\n`)).toEqual([expect.stringContaining('dev.sqlite.file')])
    expect(await warned(`  sqlite: {file: ${tmpdir()}-not}\n`)).toEqual([])
    const link = join(temporaryFolder(), 'link')
    symlinkSync('/tmp', link)
    expect(await warned(`  sqlite: {file: ${join(link, 'not', 'there')}}\n`)).toHaveLength(1)
  })

  it('is told of what names an index while something else counts more', async () => {
    expect(await warned('  index: sqlite\n  search_backend: _env:X:sqlalchemy\n  sqlalchemy_index_database: sqlite:////var/x\n')).toEqual([
      expect.stringMatching(/dev\.search_backend: the index is the one that `index` names$/),
      expect.stringMatching(/dev\.sqlalchemy_index_database: is used with `search_backend: sqlalchemy` alone$/),
    ])
    expect(await warned('  sqlalchemy_index_database: _env:X:sqlite:////var/x\n')).toEqual([])
  })

  it('is told of files for nginx where there are none', async () => {
    const folder = temporaryFolder()
    installRecording('driver', folder, 'registry-driver-recording', 'recording', {})
    const text = (storage: string): string => `dev:\n  storage: ${storage}\n  index: sqlite\n  sqlite: {file: /srv/index}\n  nginx_x_accel_redirect: /layers\n`
    expect((await loadText(folder, text('recording'))).warnings).toEqual([
      expect.stringMatching(/dev\.nginx_x_accel_redirect: is for storage file alone; with storage recording nginx is told nothing$/),
    ])
    for (const storage of ['file', 'local']) expect((await loadText(folder, `${text(storage)}  storage_path: /srv\n`)).warnings).toEqual([])
  })

  it('is refused where a value stands in the place of a section, and a section in that of a value', async () => {
    const lines = await refusalOf(loadText(temporaryFolder(), 'dev:\n  cache: redis\n  storage: {s3: {bucket: x}}\n'))
    expect(lines).toEqual([
      expect.stringMatching(/dev\.cache: is a section, not a value, it takes host, port, db, password$/),
      expect.stringMatching(/dev\.storage\.s3\.bucket: storage is one value, not a section, allowed: a text$/),
    ])
  })

  it.each([
    ['  public_url: ftp://user:hidden@example.com\n', /dev\.public_url: the public URL is one of http or https/],
    ['  warning: schön\n', /dev\.warning: a warning is a line of ASCII/],
    ['  allowed_origins: [https://ui.example.com/]\n', /dev\.allowed_origins: an origin is like https:\/\/ui\.example\.com, without a path, or \*; got "https:\/\/ui\.example\.com\/"$/],
    ['  storage_redirect_seconds: 43201\n', /dev\.storage_redirect_seconds: found "43201", allowed: a whole number from 1 to 43200$/],
    ['  storage_redirect_seconds: 0\n', /dev\.storage_redirect_seconds: found "0"/],
    ['  storage_redirect_except: [docker, ""]\n', /dev\.storage_redirect_except: a client is excepted by a part of its User-Agent, got an empty text/],
    ['  nginx_x_accel_redirect: layers\n', /dev\.nginx_x_accel_redirect: the prefix for nginx is the path of one of its locations, such as \/layers, got "layers"$/],
    ['  allowed_origins: https://a.example.com, https://b.example.com\n', /an origin is like/],
  ])('is refused before anything is opened where the server could make nothing of it: %j', async (text, line) => {
    const lines = await refusalOf(loadText(temporaryFolder(), `dev:\n  storage_path: /srv\n${text}`))
    expect(lines).toEqual([expect.stringMatching(line)])
    expect(lines[0]).not.toContain('hidden')
  })

  it('is refused where it never acts, with what to use instead', async () => {
    const lines = await refusalOf(loadText(temporaryFolder(), 'dev:\n  bugsnag: key\n  registry_endpoints: {a: example.com}\n'))
    expect(lines).toEqual([
      expect.stringMatching(/dev\.bugsnag: bugsnag is not supported, remove it: .*"level":50/),
      expect.stringMatching(/dev\.registry_endpoints.*remove it: .*`public_url`/),
    ])
  })

  it('is nothing with the sample as it is', async () => {
    expect((await loadSample(temporaryFolder(), { STORAGE_PATH: '/srv' })).warnings).toEqual([])
  })
})

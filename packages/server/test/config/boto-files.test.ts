import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { botoFiles } from '../../src/config/boto-files.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { loadSample } from './support/load.js'

const file = `[Credentials]
aws_access_key_id = AKIA0
aws_secret_access_key = hidden
gs_access_key_id = GOOG0
# aws_access_key_id = another
[Boto]
proxy = proxy.example.com
proxy_port =
http_socket_timeout = 5
[GSUtil]
host = elsewhere
[s3]
boto_host = ceph.example.com
port: 7480
`

/** The warnings of the flavor `s3` on a machine with this file. */
async function warned(text: string, environment: Record<string, string> = {}): Promise<readonly string[]> {
  const home = temporaryFolder()
  writeFileSync(join(home, '.boto'), text)
  const usual = { SETTINGS_FLAVOR: 's3', AWS_BUCKET: 'images', REGISTRY_INDEX: 'sqlite', REGISTRY_SQLITE_FILE: '/srv/index', HOME: home }
  const { warnings } = await loadSample(temporaryFolder(), { ...usual, ...environment })
  return warnings.map((line) => line.replace(home, '~'))
}

const instead = 's3.access_key instead of its aws_access_key_id, s3.secret_key instead of its aws_secret_access_key'

describe('a file of boto', () => {
  it('is named at the start, with what replaces each key of it, and no value', async () => {
    const all = `${instead}, s3.proxy instead of its proxy, s3.endpoint instead of its boto_host, s3.endpoint instead of its port`
    expect(await warned(file)).toEqual([`~/.boto: is a file of boto, which is not read; set ${all}`])
  })

  it('is not named where options say all that it says', async () => {
    const said = { AWS_KEY: 'a', AWS_SECRET: 's', AWS_HOST: 'ceph', REGISTRY_S3_PROXY: 'proxy' }
    expect(await warned(file, said)).toEqual([])
    expect(await warned(file, { ...said, AWS_HOST: '' })).toEqual([expect.stringMatching(/set s3\.endpoint instead of its boto_host, s3\.endpoint instead of its port$/)])
    expect(await warned('[Boto]\ndebug = 2\nhost = a\n')).toEqual([])
    expect(await warned('')).toEqual([])
  })

  it('has other keys for Google Cloud Storage', async () => {
    const google = { SETTINGS_FLAVOR: 'gcs', GCS_BUCKET: 'images' }
    expect(await warned('[Credentials]\naws_access_key_id = a\ngs_access_key_id = b\n', google)).toEqual([
      '~/.boto: is a file of boto, which is not read; set s3.access_key instead of its gs_access_key_id',
    ])
  })

  it('is nothing to other storages', async () => {
    expect(await warned(file, { SETTINGS_FLAVOR: 'local', STORAGE_PATH: '/srv' })).toEqual([])
  })

  it('is looked for where boto looked', () => {
    expect(botoFiles({ HOME: '/users/me' })).toEqual(['/etc/boto.cfg', '/users/me/.boto'])
    expect(botoFiles({})).toEqual(['/etc/boto.cfg'])
    expect(botoFiles({ HOME: '/users/me', BOTO_CONFIG: '/srv/boto' })).toEqual(['/srv/boto'])
  })
})

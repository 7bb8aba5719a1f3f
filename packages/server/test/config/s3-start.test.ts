import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeCertificate } from '@registry/services/certificate'
import { describeWithCeph, startCeph } from '@registry/services/ceph'
import { describeWith, program } from '@registry/services/describe-with'
import { startS3Server, type S3Server, type S3ServerOptions } from '@registry/services/s3-server'
import { runRegistryCommand } from '../support/registry-process.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const hours = 60 * 60 * 1000

/** A machine without a role, a shared file or a variable of AWS. */
const bare = { HOME: '/nowhere', AWS_PROFILE: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true' }

type Section = Readonly<Record<string, string | number | undefined>>

/** What `registry serve` says on stderr, and its exit code, with this section `s3`. */
async function serve(s3: Section): Promise<readonly [code: number | null, stdout: string, lines: readonly string[]]> {
  const folder = temporaryFolder()
  const config = join(folder, 'config.yml')
  writeFileSync(config, JSON.stringify({ dev: { storage: 's3', s3: { retries: 1, ...s3 }, index: 'sqlite', sqlite: { file: join(folder, 'not-tmp', 'index') } } }))
  const { code, stdout, stderr } = await runRegistryCommand(['serve', '--port', '0', '--config', config], { environment: bare })
  const lines = stderr.trimEnd().split('\n')
  return [code, stdout, lines.filter((line) => !line.includes('is in the folder for temporary files'))]
}

async function startServer(options: S3ServerOptions = {}): Promise<S3Server> {
  const server = await startS3Server(options)
  onTestFinished(() => server.close())
  return server
}

function sectionOf({ endpoint, bucket, accessKey, secretKey, region }: Pick<S3Server, 'endpoint' | 'bucket' | 'accessKey' | 'secretKey' | 'region'>): Section {
  return { endpoint, bucket, access_key: accessKey, secret_key: secretKey, region }
}

const refused = (line: RegExp): unknown => [1, '', [expect.stringMatching(line)]]

describe('registry serve on S3 ends with one line', () => {
  it.each<[string, S3ServerOptions, Section, RegExp]>([
    ['the bucket is missing', {}, { bucket: 'elsewhere' }, /^registry: bucket: there is no bucket elsewhere at http:\S+: make it, or correct the name$/],
    ['the region is another one, which it names', { region: 'eu-west-3' }, { region: 'us-east-1' }, /^registry: region: .* is in eu-west-3, not in us-east-1: set region to eu-west-3$/],
    ['the access key is unknown', {}, { access_key: 'NOBODY' }, /^registry: accessKey: .* does not know the access key NOBODY$/],
    ['the secret key is another one, without telling it', {}, { secret_key: 'hidden' }, /^registry: secretKey: (?!.*hidden).*: copy it again$/],
    ['the clock is wrong', { now: () => new Date(Date.now() + 3 * hours) }, {}, /^registry: the clock of this machine is 180 minutes behind that of the store: set it/],
    ['there are no credentials', {}, { access_key: undefined, secret_key: undefined }, /^registry: accessKey: there are no credentials: give/],
    ['nothing listens', {}, { endpoint: 'http://127.0.0.1:1' }, /^registry: the store at http:\S+ cannot be reached: .*ECONNREFUSED/],
    ['the endpoint has no scheme', {}, { endpoint: '127.0.0.1:9000' }, /^registry: endpoint: expected a URL that begins with http/],
    ['the host has no address', {}, { endpoint: 'http://store.invalid' }, /^registry: endpoint: the host of http:\S+ has no address/],
    ['the proxy cannot be reached', {}, { proxy: 'http://127.0.0.1:1' }, /^registry: the store at \S+ through the proxy 127\.0\.0\.1:1 cannot be reached/],
    ['the file of authorities is missing', {}, { ca_file: '/nowhere.pem' }, /^registry: caFile: \/nowhere\.pem cannot be read/],
  ])('where %s', async (_, options, wrong, line) => {
    expect(await serve({ ...sectionOf(await startServer(options)), ...wrong })).toEqual(refused(line))
  })

  it('where the credentials may not list', async () => {
    const server = await startServer()
    server.inject({ kind: 'error', code: 'AccessDenied', times: 10 })
    expect(await serve(sectionOf(server))).toEqual(refused(/^registry: the access key \w+ may not list bucket test-bucket: it needs s3:ListBucket/))
  })
})

describeWith([program('openssl')], 'registry serve over TLS ends with one line', () => {
  it('where nobody vouches for the certificate', async () => {
    const server = await startServer({ tls: makeCertificate() })
    expect(await serve(sectionOf(server))).toEqual(refused(/^registry: TLS with the store at https:\S+ failed: self-signed certificate: give the certificate of its authority as caFile/))
  })
})

describeWithCeph('registry serve on the Ceph Object Gateway ends with one line', () => {
  it.each<[string, Section, RegExp]>([
    ['the bucket is missing', { bucket: 'elsewhere' }, /^registry: bucket: there is no bucket elsewhere at http:/],
    ['the bucket is in capitals', { bucket: 'In-Capitals' }, /^registry: bucket: /],
    ['the access key is unknown', { access_key: 'NOBODY' }, /^registry: accessKey: .* does not know the access key NOBODY$/],
    ['the secret key is another one', { secret_key: 'hidden' }, /^registry: secretKey: (?!.*hidden)/],
  ])('where %s', async (_, wrong, line) => {
    const ceph = await startCeph()
    expect(await serve({ ...sectionOf({ ...ceph, bucket: 'any' }), ...wrong })).toEqual(refused(line))
  })

  it('where it speaks no TLS', async () => {
    const ceph = await startCeph()
    const endpoint = ceph.endpoint.replace('http:', 'https:')
    expect(await serve(sectionOf({ ...ceph, endpoint, bucket: 'any' }))).toEqual(refused(/^registry: endpoint: what listens at https:\S+ speaks no TLS: .*is it http:\/\/\?$/))
  })
})

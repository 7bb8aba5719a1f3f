import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sampleFile } from '../../src/config/config-file.js'
import { runRegistryCommand } from '../support/registry-process.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { installPackage } from './support/outside-package.js'

const driver = `export const driver = { contract: 1, name: 's3', options: {
  bucket: { type: 'string', required: true, description: 'The bucket.' }, accessKey: { type: 'string', description: 'A key.' },
  secretKey: { type: 'string', secret: true, description: 'The secret of the key.' } }, async open() {} }`

function folderWithDriver(): string {
  const folder = temporaryFolder()
  installPackage(folder, '@registry/driver-s3', driver)
  return folder
}

describe('registry config print', () => {
  it('shows every value and where it came from, with secrets masked, and needs no file', async () => {
    const environment = { SETTINGS_FLAVOR: 's3', AWS_BUCKET: 'images', AWS_SECRET: 'hidden', REGISTRY_INDEX: 'sqlite', REGISTRY_SQLITE_FILE: '/var/index' }
    const { code, stdout, stderr } = await runRegistryCommand(['config', 'print'], { cwd: folderWithDriver(), environment })
    expect([code, stderr]).toEqual([0, expect.stringContaining('s3.s3_encrypt: is no option')])
    expect(stdout).toMatch(/^# the sample configuration, flavor s3$/m)
    expect(stdout).toMatch(/^index: "sqlite" +# REGISTRY_INDEX$/m)
    expect(stdout).toMatch(/^port: 5000 +# default$/m)
    expect(stdout).toMatch(/^s3:\n {2}bucket: "images" +# AWS_BUCKET \(the sample configuration: s3\.boto_bucket\)$/m)
    expect(stdout).toMatch(/^ {2}secret_key: "\*+" +# AWS_SECRET/m)
    expect(stdout).not.toContain('hidden')
  })

  it('prints a configuration that says the same again', async () => {
    const folder = temporaryFolder()
    const first = await runRegistryCommand(['config', 'print', '--storage-path', '/srv', '--port', '5001'], { cwd: folder })
    writeFileSync(join(folder, 'again.yml'), first.stdout)
    const again = await runRegistryCommand(['config', 'print', '--config', 'again.yml', '--flavor', ''], { cwd: folder, environment: { SETTINGS_FLAVOR: '' } })
    const values = (text: string): readonly string[] => text.split('\n').slice(1).map((line) => line.replace(/ +# .*$/, ''))
    expect([again.code, values(again.stdout)]).toEqual([0, values(first.stdout)])
  })

  it('prints JSON for scripts', async () => {
    const environment = { SETTINGS_FLAVOR: 's3', AWS_BUCKET: 'images', AWS_SECRET: 'hidden', REGISTRY_INDEX: 'sqlite', REGISTRY_SQLITE_FILE: '/var/index', SQLALCHEMY_INDEX_DATABASE: 'postgresql://me:hidden@db/x' }
    const { stdout } = await runRegistryCommand(['config', 'print', '--json'], { cwd: folderWithDriver(), environment })
    const lines = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as object)
    expect(lines).toContainEqual({ option: 'index', value: 'sqlite', origin: { kind: 'environment', variable: 'REGISTRY_INDEX' } })
    expect(lines).toContainEqual({ option: 'sqlalchemy_index_database', value: 'postgresql://********@db/x', origin: expect.any(Object) as object })
    expect(lines).toContainEqual({ option: 's3.secret_key', value: '********', origin: expect.objectContaining({ variable: 'AWS_SECRET' }) as object })
    expect(stdout).not.toContain('hidden')
  })
})

describe('registry config reference', () => {
  it('lists the options of the driver that is named, whatever the configuration lacks', async () => {
    const { code, stdout, stderr } = await runRegistryCommand(['config', 'reference'], { cwd: folderWithDriver(), environment: { SETTINGS_FLAVOR: 's3' } })
    expect([code, stderr]).toEqual([0, expect.stringContaining('storage s3 has no place for an index')])
    expect(stdout).toContain('| `s3.bucket` | string | required | `REGISTRY_S3_BUCKET`, `AWS_BUCKET`, `GCS_BUCKET`')
    expect(stdout).toContain('`REGISTRY_WORKERS`, `GUNICORN_WORKERS`')
  })
})

describe('registry config check', () => {
  it('says that nothing is wrong, warns, and opens nothing', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'config.yml'), 'prod:\n  storage_path: ./data\n  loglevl: info\n')
    const { code, stdout, stderr } = await runRegistryCommand(['config', 'check', '-c', 'config.yml', '--flavor', 'prod'], { cwd: folder })
    expect([code, stdout]).toEqual([0, `${join(folder, 'config.yml')}, flavor prod: nothing is wrong with it\n`])
    expect(stderr).toContain('registry: warning: config.yml: prod.loglevl: is no option, it is ignored; did you mean loglevel?\n')
    expect(existsSync(join(folder, 'data'))).toBe(false)
  })

  it('tells all that is wrong, a line each, and exits with 1', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'config.yml'), 'dev:\n  port: many\n  read_only: perhaps\n  storage: nowhere\n')
    const { code, stdout, stderr } = await runRegistryCommand(['config', 'check', '-c', 'config.yml'], { cwd: folder })
    expect([code, stdout, stderr.trimEnd().split('\n')]).toEqual([
      1,
      '',
      [
        expect.stringMatching(/^registry: config\.yml: dev\.storage: no package for nowhere is installed; `npm install registry-driver-nowhere`/),
        'registry: config.yml: dev.port: found "many", allowed: a whole number from 0 to 65535',
        'registry: config.yml: dev.read_only: found "perhaps", allowed: true or false',
      ],
    ])
    const json = await runRegistryCommand(['config', 'check', '--json', '-c', 'config.yml'], { cwd: folder })
    expect([json.code, JSON.parse(json.stdout)]).toEqual([1, { problems: expect.arrayContaining([expect.stringContaining('dev.port')]) as object, warnings: [] }])
  })

  it.each([
    ['that is missing', undefined, /^registry: --config: .*config\.yml does not exist; `registry config init` writes one$/],
    ['with a tab', 'dev:\n\tport: 1\n', /^registry: config\.yml:2:1: tab characters must not be used in indentation; indent with spaces$/],
    ['with a key twice', 'dev:\n  port: 1\n  port: 2\n', /^registry: config\.yml:3:3: duplicated mapping key; keep one of the two$/],
    ['of another flavor', 'prod: {}\n', /^registry: config\.yml: there is no flavor dev; SETTINGS_FLAVOR names one of prod$/],
    ['with an anchor in itself', 'dev: &dev\n  cache: *dev\n', /^registry: config\.yml: dev\.cache contains itself by an alias/],
    ['of 10 MB', '#'.repeat(10 * 1024 * 1024), /^registry: config\.yml: has 10485760 bytes, and a configuration has 262144 at the most: is it the right file\?$/],
    ['that is no text', Buffer.from([0x64, 0xff, 0xfe]), /^registry: --config: .*config\.yml is no text in UTF-8/],
  ])('refuses a file %s in one line', async (_what, content, line) => {
    const folder = temporaryFolder()
    if (content !== undefined) writeFileSync(join(folder, 'config.yml'), content)
    for (const command of [['config', 'check'], ['serve', '--port', '0'], ['ls']]) {
      const { code, stdout, stderr } = await runRegistryCommand([...command, '--config', 'config.yml'], { cwd: folder })
      expect([code, stdout, stderr.trimEnd()]).toEqual([1, '', expect.stringMatching(line)])
    }
  })

  it('refuses a variable that is no YAML by its name, and a folder in place of a file', async () => {
    const folder = temporaryFolder()
    const bad = await runRegistryCommand(['config', 'check'], { cwd: folder, environment: { STANDALONE: '[true' } })
    expect([bad.code, bad.stderr]).toEqual([1, expect.stringMatching(/^registry: STANDALONE \(the sample configuration: dev\.standalone\): found "\[true", which is no YAML \(.*\), allowed: true or false\n$/)])
    const wrong = await runRegistryCommand(['config', 'check'], { cwd: folder, environment: { DOCKER_REGISTRY_CONFIG: '.' } })
    expect([wrong.code, wrong.stderr]).toEqual([1, `registry: DOCKER_REGISTRY_CONFIG: ${folder} is a folder; name a file\n`])
  })
})

describe('registry config init', () => {
  it('writes the sample, and never over a file that is there', async () => {
    const folder = temporaryFolder()
    const sample = readFileSync(sampleFile, 'utf8')
    const written = await runRegistryCommand(['config', 'init'], { cwd: folder })
    expect([written.code, written.stdout]).toEqual([0, 'wrote config.yml; `registry config print --config config.yml` shows what it says\n'])
    expect(readFileSync(join(folder, 'config.yml'), 'utf8')).toBe(sample)
    writeFileSync(join(folder, 'config.yml'), 'mine')
    const again = await runRegistryCommand(['config', 'init'], { cwd: folder })
    expect([again.code, again.stderr, readFileSync(join(folder, 'config.yml'), 'utf8')]).toEqual([1, 'registry: config.yml is there already; --force replaces it\n', 'mine'])
    expect((await runRegistryCommand(['config', 'init', '--force'], { cwd: folder })).code).toBe(0)
    expect(readFileSync(join(folder, 'config.yml'), 'utf8')).toBe(sample)
    expect((await runRegistryCommand(['config', 'init', '-'], { cwd: folder })).stdout).toBe(sample)
    expect((await runRegistryCommand(['config', 'init', '.'], { cwd: folder })).stderr).toBe('registry: . is a folder; name a file in it\n')
    const nowhere = await runRegistryCommand(['config', 'init', 'no/config.yml'], { cwd: folder })
    expect([nowhere.code, nowhere.stderr]).toEqual([1, 'registry: no/config.yml cannot be written: its folder does not exist\n'])
  })
})

describe('registry config', () => {
  it('teaches in its help, and refuses in one line', async () => {
    for (const [args, part] of [[['config'], 'init'], [['config', 'print', '--help'], 'Examples:'], [['config', 'check', '--help'], 'Exit code']] as const) {
      const { stdout, stderr } = await runRegistryCommand([...args])
      expect(`${stdout}${stderr}`).toContain(part)
    }
    const { code, stderr } = await runRegistryCommand(['config', 'print', '--jsn'])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^registry: unknown option '--jsn'.*--json\?\)\n$/)])
  })
})

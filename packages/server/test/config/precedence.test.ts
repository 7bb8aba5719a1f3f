import { join } from 'node:path'
import type { Setting } from '@registry/core/config'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { loadSample, loadText, refusalOf } from './support/load.js'
import { installPackage } from './support/outside-package.js'

const commandLine = (path: string, option: string, text: string): ReadonlyMap<string, Setting> => new Map([[path, { text, value: text, origin: { kind: 'command line', option } }]])
const file = 'dev:\n  port: 1\n  storage_path: /from/file\n  limits:\n    page_entries: 7\n'

describe('an option', () => {
  it('comes from the command line before the environment, the file and its default', async () => {
    const folder = temporaryFolder()
    const environment = { REGISTRY_PORT: '2' }
    const port = async (options: Parameters<typeof loadText>[2], text = file): Promise<unknown> => (await loadText(folder, text, options)).values.get('port')
    expect(await port({}, 'dev: {}')).toEqual({ value: 5000, origin: { kind: 'default' } })
    expect(await port({})).toEqual({ value: 1, origin: { kind: 'file', file: join(folder, 'config.yml'), path: 'dev.port' } })
    expect(await port({ environment })).toEqual({ value: 2, origin: { kind: 'environment', variable: 'REGISTRY_PORT' } })
    expect(await port({ environment, commandLine: commandLine('port', '--port', '3') })).toEqual({ value: 3, origin: { kind: 'command line', option: '--port' } })
  })

  it('of a section has a variable too', async () => {
    const { own } = await loadText(temporaryFolder(), file, { environment: { REGISTRY_LIMITS_PAGE_ENTRIES: '9' } })
    expect(own['limits.page_entries']).toBe(9)
    expect((await loadText(temporaryFolder(), file)).own['limits.page_entries']).toBe(7)
  })

  it('of a driver counts as the older one of the same meaning does, by where it is said', async () => {
    const folder = temporaryFolder()
    const root = async (text: string, environment: Record<string, string> = {}, line = new Map<string, Setting>()): Promise<unknown> =>
      (await loadText(folder, text, { environment, commandLine: line })).storage.options['root']
    expect(await root(file)).toBe('/from/file')
    expect(await root(`${file}  file:\n    root: /section\n`)).toBe('/section')
    expect(await root(`${file}  file:\n    root: /section\n`, { REGISTRY_STORAGE_PATH: '/variable' })).toBe('/variable')
    expect(await root(file, { REGISTRY_FILE_ROOT: '/variable' })).toBe('/variable')
    expect(await root(file, { REGISTRY_FILE_ROOT: '/variable' }, new Map(commandLine('storage_path', '--storage-path', '/line')))).toBe('/line')
  })

  it('for boto counts more than the one for S3', async () => {
    const folder = temporaryFolder()
    installPackage(folder, '@registry/driver-s3', "export const driver = { contract: 1, name: 's3', options: { bucket: { type: 'string', description: 'A text.' } }, async open() {} }")
    const bucket = async (more: string): Promise<unknown> =>
      (await loadText(folder, `dev:\n  storage: s3\n  index: sqlite\n  sqlite: {file: /var/index}\n  s3_bucket: one\n${more}`)).storage.options['bucket']
    expect([await bucket(''), await bucket('  boto_bucket: two\n'), await bucket('  boto_bucket: two\n  s3: {bucket: three}\n')]).toEqual(['one', 'two', 'three'])
  })

  it('keeps what a file says literally, whatever older variable is set', async () => {
    const { storage } = await loadText(temporaryFolder(), file, { environment: { STORAGE_PATH: '/variable' } })
    expect(storage.options['root']).toBe('/from/file')
  })

  it('has the variables of the classic registry, after its own', async () => {
    const workers = async (environment: Record<string, string>): Promise<number> => (await loadSample(temporaryFolder(), environment)).own.workers
    expect(await workers({ GUNICORN_WORKERS: '3' })).toBe(3)
    expect(await workers({ GUNICORN_WORKERS: '3', REGISTRY_WORKERS: '2' })).toBe(2)
    expect((await loadSample(temporaryFolder(), { GUNICORN_GRACEFUL_TIMEOUT: '30' })).own.graceful_timeout).toBe(30)
  })

  it('is left as it is where its variable is empty', async () => {
    expect((await loadText(temporaryFolder(), file, { environment: { REGISTRY_PORT: '' } })).own.port).toBe(1)
  })

  it('that is wrong is told together with those that are none', async () => {
    expect(await refusalOf(loadText(temporaryFolder(), 'dev:\n  port: many\n  sqlite: {flie: /x}\n  s3_bucket: x\n'))).toEqual([
      expect.stringContaining('dev.port: found "many"'),
      expect.stringMatching(/dev\.sqlite\.flie: is no option, it is ignored; did you mean sqlite\.file\?$/),
    ])
  })

  it('is wrong by its own name, whatever it is called in the file', async () => {
    const lines = await refusalOf(
      loadText(temporaryFolder(), 'dev:\n  port: http\n  limits: {push_tags: 0}\n  storage_path: [a]\n', { environment: { REGISTRY_WORKERS: '1.5' }, commandLine: commandLine('host', '--host', 'x') }),
    )
    expect(lines).toEqual([
      expect.stringMatching(/config\.yml: dev\.port: found "http", allowed: a whole number from 0 to 65535$/),
      'REGISTRY_WORKERS: found "1.5", allowed: a whole number from 1 to 64',
      expect.stringMatching(/dev\.storage_path: found a list, allowed: a text$/),
      expect.stringMatching(/dev\.limits\.push_tags: found "0", allowed: a whole number of at least 1$/),
      expect.stringMatching(/dev\.storage_path: found a list, allowed: a path$/),
    ])
  })
})

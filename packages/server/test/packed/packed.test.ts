import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, type TestContext } from 'vitest'
import { isRequired } from '@registry/services/describe-with'
import { startS3Server } from '@registry/services/s3-server'
import { type RegistryProcess, startRegistryProcess } from '../support/registry-process.js'
import { writeTestForNode, writeTestForVitest } from './conformance-files.js'
import { problemsOfTypes } from './consumer.js'
import { npmInstall, type NpmProject, outside, packAll, publishedPackages, tool } from './npm-project.js'

const run = promisify(execFile)
/** What a suite prints of its cases. */
const maxBuffer = 2 ** 26
const packages = publishedPackages()

describe('the packed packages, which npm installed in an empty folder', () => {
  let around: string
  let archiveOf: (name: string) => string
  let everything: NpmProject | undefined
  beforeAll(async () => {
    around = outside()
    archiveOf = await packAll(join(around, 'packed'))
    everything = await npmInstall(around, [...packages.map(({ name }) => archiveOf(name)), ...['typescript', '@types/node', 'vitest'].map(tool)])
  }, 300_000)
  afterAll(() => rm(around, { recursive: true, force: true }))

  it('give a registry by the lines of the README', async ({ skip }) => {
    const { folder } = thereOr(skip, everything)
    const [, named = '', path = ''] = /^npm install --global (\S+)\nregistry serve --port 5000 --storage-path (\S+)$/m.exec(readmeOf('@registry/server')) ?? []
    expect(packages.map(({ name }) => name)).toContain(named)
    const registry = await startRegistryProcess(path, [], { cwd: folder, command: join(folder, 'node_modules', '.bin', 'registry') })
    expect(registry.output[1]).toMatch(new RegExp(`^Data in +.*/${path.replace('./', '')}$`))
    await pushAndPull(registry)
    expect(await registry.stop()).toBe(0)
  })

  it('give a registry on S3', async ({ skip }) => {
    const { folder } = thereOr(skip, everything)
    const server = await startS3Server()
    onTestFinished(() => server.close())
    const store = { AWS_BUCKET: server.bucket, AWS_KEY: server.accessKey, AWS_SECRET: server.secretKey, REGISTRY_S3_ENDPOINT: server.endpoint }
    const environment = { SETTINGS_FLAVOR: 's3', ...store, REGISTRY_INDEX: 'sqlite', REGISTRY_SQLITE_FILE: 'index.sqlite' }
    const registry = await startRegistryProcess(undefined, [], { cwd: folder, environment, command: join(folder, 'node_modules', '.bin', 'registry') })
    expect(registry.output[1]).toBe('Data in       s3 test-bucket /registry')
    await pushAndPull(registry)
    expect(server.objects().some(({ key, size }) => key.startsWith('registry/blobs/') && size === 5)).toBe(true)
    expect(await registry.stop()).toBe(0)
  })

  it.for(packages.map(({ name }) => name).filter((name) => snippetsOf(name).length > 0))('run the snippets in the README of %s', async (name, { skip }) => {
    const { folder } = thereOr(skip, everything)
    for (const [index, code] of snippetsOf(name).entries()) {
      const file = `snippet-${name.replace(/^.*\//, '')}-${index}.mjs`
      writeFileSync(join(folder, file), code)
      await run(process.execPath, [file], { cwd: folder })
    }
  })

  it.for(['nodenext', 'bundler'])('have types that hold without skipLibCheck, with resolution %s', async (moduleResolution, { skip }) => {
    const { folder } = thereOr(skip, everything)
    expect(await problemsOfTypes(folder, moduleResolution)).toBe('')
  })

  // Both at once: they wait for the disk for the most part.
  it.concurrent('run the suite of a driver under vitest', { timeout: 300_000 }, async ({ skip, expect }) => {
    const { folder } = thereOr(skip, everything)
    const test = writeTestForVitest(folder)
    const file = join(folder, 'vitest.json')
    await run(process.execPath, [join(folder, 'node_modules', 'vitest', 'vitest.mjs'), 'run', test, '--reporter=json', `--outputFile=${file}`], { cwd: folder, maxBuffer })
    const report = JSON.parse(readFileSync(file, 'utf8')) as { readonly numPassedTests: number; readonly numTotalTests: number }
    expect(report.numPassedTests).toBe(report.numTotalTests)
    expect(report.numTotalTests).toBeGreaterThan(100)
  })

  it.concurrent('run the suite of a driver under node:test', { timeout: 300_000 }, async ({ skip, expect }) => {
    const { folder } = thereOr(skip, everything)
    const test = writeTestForNode(folder)
    const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', test], { cwd: folder, maxBuffer })
    expect(stdout).toMatch(/^# fail 0$/m)
    expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(100)
  })

  it.for([
    [['@registry/core'], ['argparse', 'js-yaml']],
    [['@registry/core', '@registry/driver-file'], ['argparse', 'js-yaml']],
  ] as const)('%s bring nothing but %s', async ([names, others], { skip }) => {
    const project = thereOr(skip, await npmInstall(around, names.map(archiveOf)))
    expect(project.brought).toEqual([...names, ...others])
  })

  function thereOr(skip: TestContext['skip'], project: NpmProject | undefined): NpmProject {
    skip(project === undefined && !isRequired('npm'), '[needs npm’s registry, or copies of its packages]')
    if (project === undefined) throw new Error('npm could not install the packages: is there a network?')
    return project
  }
})

function readmeOf(name: string): string {
  return readFileSync(join(packages.find((one) => one.name === name)?.folder ?? '', 'README.md'), 'utf8')
}

function snippetsOf(name: string): readonly string[] {
  return [...readmeOf(name).matchAll(/^```(?:js|ts)\n(.*?)^```$/gms)].map(([, code = '']) => code)
}

async function pushAndPull({ address, errors }: RegistryProcess): Promise<void> {
  const started = await fetch(`http://${address}/v2/a/blobs/uploads/`, { method: 'POST' })
  const digest = 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
  const closed = await fetch(`http://${address}${started.headers.get('location')!}?digest=${digest}`, { method: 'PUT', body: 'hello' })
  expect(closed.status).toBe(201)
  expect(await (await fetch(`http://${address}/v2/a/blobs/${digest}`)).text()).toBe('hello')
  // Whatever is no line of the log, warnings of packages among them.
  expect(errors.filter((line) => !line.startsWith('{') && !line.includes('is in the folder for temporary files'))).toEqual([])
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildImage } from './image/build-image.js'
import { imageFiles } from './image/image-files.js'
import { type Machine, startMachine } from './image/machine.js'
import { pull, push } from './image/push-and-pull.js'
import { checkHealth, runDetached, runRegistry } from './image/registry-container.js'
import { root } from './image/repository.js'
import { describeWith } from './support/require-program.js'

const name = '127.0.0.1:5000/team/image:v1'
const megabyte = 1_000_000

describeWith(['unshare', 'buildah', 'podman', 'skopeo'], 'the container image', () => {
  let machine: Machine
  const podman = (...args: readonly string[]): Promise<string> => machine.run('podman', args)

  beforeAll(async () => {
    machine = await startMachine()
    await buildImage(machine)
  }, 900_000)

  afterAll(async () => {
    // There is none where the machine did not start.
    await (machine as Machine | undefined)?.stop()
  }, 60_000)

  it('says what it is', async () => {
    const [{ Config: config }] = JSON.parse(await podman('inspect', 'registry')) as [{ readonly Config: Record<string, unknown> }]
    expect(config).toMatchObject({
      User: '10001:10001',
      WorkingDir: '/var/lib/registry',
      Volumes: { '/var/lib/registry': {} },
      ExposedPorts: { '5000/tcp': {} },
      Labels: {
        'org.opencontainers.image.title': 'Registry',
        'org.opencontainers.image.description': expect.any(String) as string,
        'org.opencontainers.image.licenses': manifestOf(root).license,
      },
    })
    expect(config['Labels']).not.toHaveProperty('org.opencontainers.image.source')
  })

  it('has the registry with what that needs, and nothing else', async () => {
    const files = await imageFiles(machine, 'registry')
    const paths = [...files.keys()]
    expect(files.get('/var/lib/registry')?.owner).toBe('10001:10001')
    expect(files.get('/app/dist/cli/main.js')?.owner).toBe('0:0')
    expect(paths).toContain('/app/LICENSE')
    expect(paths.filter((path) => path.startsWith('/source/'))).toEqual([])
    const ours = paths.filter((path) => path.startsWith('/app/'))
    expect(ours.filter((path) => /\.(?:[cm]?ts|map|[oa])$/.test(path))).toEqual([])
    const developed = [root, join(root, 'packages', 'server')].flatMap((folder) => Object.keys(manifestOf(folder).devDependencies))
    for (const tool of developed.filter((one) => !/^@types\/|^@registry\/(?:driver-s3|index-dynamodb)$/.test(one))) {
      expect(ours.filter((path) => path.includes(`/node_modules/${tool}/`)), tool).toEqual([])
    }
    const size = ours.reduce((sum, path) => sum + files.get(path)!.size, 0)
    expect(size).toBeLessThan(80 * megabyte)
  }, 120_000)

  it('is the command registry', async () => {
    expect(await podman('run', '--rm', 'registry', '--version')).toBe(`${manifestOf(join(root, 'packages', 'server')).version}\n`)
    expect(await podman('run', '--rm', 'registry', 'serve', '--help')).toContain('Usage: registry serve')
    await expect(podman('run', '--rm', 'registry', 'ls')).rejects.toThrow('/var/lib/registry/data does not exist')
    await expect(podman('run', '--rm', 'registry', 'lss')).rejects.toThrow('Did you mean ls?')
  }, 120_000)

  it('has the driver of S3 and the index of DynamoDB', async () => {
    const variables = { SETTINGS_FLAVOR: 's3', AWS_BUCKET: 'images', REGISTRY_INDEX: 'dynamodb' }
    const options = Object.entries(variables).flatMap(([variable, value]) => ['-e', `${variable}=${value}`])
    expect(await podman('run', '--rm', ...options, 'registry', 'config', 'check')).toContain('flavor s3: nothing is wrong')
  }, 120_000)

  it('keeps what is pushed in its volume', async () => {
    const line = ['-p', '5000:5000', '-v', 'kept:/var/lib/registry', 'registry']
    const first = await runRegistry(machine, ...line)
    const image = await push(machine, name)
    expect(await pull(machine, name)).toEqual(image)
    expect(await first.exec('registry', 'ls', 'team/image')).toMatch(/^team\/image:v1\t/)
    const folder = (await podman('volume', 'inspect', '--format', '{{.Mountpoint}}', 'kept')).trim()
    const blobs = (await machine.run('find', [join(folder, 'data', 'blobs'), '-type', 'f'])).trim().split('\n')
    expect(blobs.length).toBeGreaterThan(Object.keys(image.files).length)
    await podman('rm', '--force', '--time=0', first.id)
    await runRegistry(machine, ...line)
    expect(await pull(machine, name)).toEqual(image)
    expect(await podman('run', '--rm', '-v', 'kept:/var/lib/registry', 'registry', 'ls')).toBe('team/image\n')
  }, 120_000)

  it('ends by SIGTERM, as an ordinary user’s first process', async () => {
    const container = await runRegistry(machine, 'registry')
    const about = '[process.getuid(), process.getgid(), fs.readlinkSync("/proc/1/exe") === process.execPath].join()'
    expect(await container.exec('node', '-p', about)).toBe('10001,10001,true\n')
    expect(await container.end('TERM')).toBe(0)
    expect(await container.log()).toContain('"signal":"SIGTERM"')
  }, 120_000)

  it('tells whether it is well', async () => {
    // `fetch` refuses to ask this port.
    await checkHealth(machine, await runRegistry(machine, '-e', 'REGISTRY_PORT=6000', 'registry'))
    const without = await runDetached(machine, '--entrypoint=node', 'registry', '-e', 'setInterval(() => {}, 1000)')
    expect(await without.exec('node', '-p', '1 + 1')).toBe('2\n')
    await expect(checkHealth(machine, without)).rejects.toThrow()
    await without.end('KILL')
    await expect(checkHealth(machine, without)).rejects.toThrow('not running')
  }, 120_000)

  it('writes nowhere but in its volume, and needs no privilege', async () => {
    const hardened = ['--read-only', '--read-only-tmpfs=false', '--cap-drop=all', '--security-opt=no-new-privileges']
    await runRegistry(machine, '-p', '5000:5000', ...hardened, 'registry')
    const image = await push(machine, name)
    expect(await pull(machine, name)).toEqual(image)
  }, 120_000)

  it.each([
    ['-e SETTINGS_FLAVOR=local -e STORAGE_PATH=/tmp/registry', '/tmp/registry'],
    ['-e SETTINGS_FLAVOR=dev -e STORAGE_PATH=/tmp/other -e LOGLEVEL=debug', '/tmp/other'],
    ['-e DOCKER_REGISTRY_CONFIG=/settings/config.yml -e SETTINGS_FLAVOR=prod -v SETTINGS:/settings', '/tmp/from-file'],
  ])('does what docker run -p 5000:5000 %s did', async (options, storagePath) => {
    const settings = join(machine.folder, 'settings')
    mkdirSync(settings, { recursive: true })
    writeFileSync(join(settings, 'config.yml'), 'prod:\n  storage: local\n  storage_path: /tmp/from-file\n')
    const line = options.replace('SETTINGS:', `${settings}:`).split(' ')
    const container = await runRegistry(machine, '-p', '5000:5000', ...line, 'registry')
    const image = await push(machine, name)
    expect(await pull(machine, name)).toEqual(image)
    expect(await container.exec('node', '-p', `fs.readdirSync('${storagePath}').includes('repositories')`)).toBe('true\n')
  }, 120_000)
})

interface Manifest {
  readonly version: string
  readonly license: string
  readonly devDependencies: Readonly<Record<string, string>>
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

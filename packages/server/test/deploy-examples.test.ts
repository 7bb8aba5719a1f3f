import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { variableOf } from '../src/config/option-names.js'
import { ownOptions } from '../src/config/own-options.js'
import { root } from './image/repository.js'
import { runRegistryCommand } from './support/registry-process.js'
import { describeWith } from './support/require-program.js'
import { temporaryFolder } from './support/temporary-folder.js'

const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8')
const dockerfile = read('Dockerfile')
const readme = read('examples', 'deploy', 'README.md')
const bin = (JSON.parse(read('packages', 'server', 'package.json')) as { readonly bin: { readonly registry: string } }).bin.registry.replace('./', '')

/** Seconds that running requests have to end. */
const grace = ownOptions.graceful_timeout.default

/** The sample of a configuration, which counts where no other is named. */
const sample = read('packages', 'server', 'src', 'config', 'sample.yml')

/** The variables of the environment that the registry reads. */
const variables = new Set([
  'SETTINGS_FLAVOR',
  ...Object.keys(ownOptions).map(variableOf),
  ...[...sample.matchAll(/\b_env:(\w+)/g)].map(([, variable]) => variable!),
])

/** The names that a text sets, of which there are some. */
function namesIn(text: string, pattern: RegExp): readonly string[] {
  const names = [...text.matchAll(pattern)].map(([, found]) => found!)
  expect(names).not.toEqual([])
  return names
}

const unit = read('examples', 'deploy', 'registry.service')

describe('the unit of systemd', () => {
  const directives = new Map(unit.split('\n').flatMap((line) => (/^\w+=/.test(line) ? [line.split(/=(.*)/, 2) as [string, string]] : [])))
  const [program, main, ...args] = directives.get('ExecStart')!.split(' ')

  it('starts a command that is there, by absolute paths', async () => {
    expect(program).toBe('/usr/bin/node')
    expect(main).toBe(`/opt/registry/${bin}`)
    const { code, stdout } = await runRegistryCommand([...args, '--help'])
    expect(stdout).toContain('Usage: registry serve')
    expect(code).toBe(0)
  })

  it('keeps data where it may write, and may do little else', () => {
    expect(directives.get('WorkingDirectory')).toBe(`/var/lib/${directives.get('StateDirectory')}`)
    const hardened = ['NoNewPrivileges', 'PrivateTmp', 'PrivateDevices', 'ProtectHome', 'RestrictNamespaces', 'RestrictSUIDSGID', 'LockPersonality']
    for (const directive of hardened) expect(directives.get(directive), directive).toBe('yes')
    expect(Object.fromEntries(directives)).toMatchObject({ User: 'registry', ProtectSystem: 'strict', CapabilityBoundingSet: '' })
  })

  it('is started again after a failure, and gets more time to end than requests get', () => {
    expect(Object.fromEntries(directives)).toMatchObject({ Restart: 'on-failure', EnvironmentFile: '-/etc/registry/environment' })
    expect(Number.parseInt(directives.get('TimeoutStopSec')!)).toBeGreaterThan(grace)
  })

})

describeWith(['systemd-analyze'], 'the unit of systemd, for systemd', () => {
  it('has nothing that it warns of', async () => {
    const file = join(temporaryFolder(), 'registry.service')
    // Whether the program is there is a question for the machine on which the unit runs.
    writeFileSync(file, unit.replace('/usr/bin/node', process.execPath))
    expect(await promisify(execFile)('systemd-analyze', ['verify', file])).toEqual({ stdout: '', stderr: '' })
  })
})

describe('compose.yaml', () => {
  const text = read('examples', 'deploy', 'compose.yaml')
  const valueOf = (key: string): string | undefined => new RegExp(`^ +(?:- )?${key}: *(.*)$`, 'm').exec(text)?.[1]

  it('builds the image of this repository, and keeps its volume', () => {
    expect(join('examples', 'deploy', valueOf('build')!)).toBe('.')
    const [volume] = /VOLUME (.*)/.exec(dockerfile)!.slice(1)
    expect(text).toContain(`- data:${volume}\n`)
    expect(text).toMatch(/^volumes:\n {2}data:$/m)
  })

  it('publishes the port on the loopback address alone', () => {
    const [port] = /EXPOSE (.*)/.exec(dockerfile)!.slice(1)
    expect(text).toContain(`ports:\n      - 127.0.0.1:5000:${port}\n`)
  })

  it('names a flavor that there is, and variables that are read', () => {
    expect(sample).toMatch(new RegExp(`^${valueOf('#   SETTINGS_FLAVOR')}:`, 'm'))
    for (const variable of namesIn(text, /^ +# +([A-Z_]+):/gm)) expect(variables).toContain(variable)
  })

  it('is started again, and gets more time to end than requests get', () => {
    expect(valueOf('restart')).toBe('unless-stopped')
    expect(Number.parseInt(valueOf('stop_grace_period')!)).toBeGreaterThan(grace)
  })
})

describe('the page', () => {
  it('installs what the image installs', () => {
    const commands = [...dockerfile.matchAll(/^RUN (pnpm .*)$/gm)].map(([, command]) => command!.replace(/\/app(?=$|\/)/, '/opt/registry'))
    expect(commands).toHaveLength(5)
    expect(readme).toContain(commands.map((command) => `npx ${command}\n`).join(''))
  })

  it('names paths of the unit and of the image', () => {
    for (const path of [`/opt/registry/${bin}`, '/etc/registry/environment', '/usr/bin/node']) expect(readme).toContain(path)
    const [owner] = /USER (.*)/.exec(dockerfile)!.slice(1)
    expect(readme).toContain(`chown ${owner} `)
  })

  it('names variables that are read', () => {
    for (const variable of namesIn(readme, /^ *([A-Z_]+)=/gm)) expect(variables).toContain(variable)
  })
})

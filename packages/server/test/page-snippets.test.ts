import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { program } from '../src/cli/program.js'
import { loadText } from './config/support/load.js'
import { exampleModule, installCore, installPackage } from './config/support/outside-package.js'
import { temporaryFolder } from './support/temporary-folder.js'

interface Snippet {
  readonly page: string
  readonly language: string
  readonly text: string
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n').filter((page) => !/^\.changeset\/|\/template\//.test(page))
const snippets: readonly Snippet[] = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^( *)```(\S*)( \S+)?\n(.*?)^ *```$/gms)].map(([, indent = '', language = '', name = '', text = '']) => ({
    page,
    language: `${language}${name}`,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  })),
)
const those = (language: string): readonly (readonly [string, string])[] => snippets.filter((snippet) => snippet.language === language).map(({ page, text }) => [page, text] as const)

/** A folder in which the packages are that pages speak of and nobody publishes. */
function folderOfPages(): string {
  const folder = temporaryFolder()
  installCore(folder)
  installPackage(folder, 'registry-driver-flat', exampleModule('custom-driver/src/flat-driver.ts'))
  installPackage(folder, 'registry-index-log', exampleModule('custom-index/src/log-index.ts'))
  copyFileSync(join(root, 'examples/hooks/src/refuse-unlabelled.mjs'), join(folder, 'refuse-unlabelled.mjs'))
  return folder
}

/** What `_env:` asks for, with something in it. */
const environmentFor = (text: string): Readonly<Record<string, string>> => Object.fromEntries([...text.matchAll(/_env:(\w+)/g)].map(([, name]) => [name!, 'something']))

/** What is looked at below on every page that has it; a text without a language, or of what is printed, is for people. */
const everywhere = ['', 'json', 'sh', 'text', 'yaml']

/** Code, and who runs it: what is on no page of these is run by nobody. */
const runBy: Readonly<Record<string, readonly string[]>> = {
  'tests/src/readme-snippets, and test/packed': ['core js', 'driver-file js', 'engine js', 'index-sqlite js', 'server js'].map((each) => `packages/${each.replace(' ', '/README.md ')}`),
  'packages/driver-s3/test/readme': ['packages/driver-s3/README.md javascript'],
  'packages/index-dynamodb/test/readme': ['packages/index-dynamodb/README.md javascript'],
  'tests/src/guides': [
    ...['ts flat-driver.ts', 'ts flat-driver.test.ts', 'ts', 'yaml flat.yml'].map((each) => `docs/write-a-driver.md ${each}`),
    ...['ts log-index.ts', 'ts log-index.test.ts', 'ts', 'yaml log.yml'].map((each) => `docs/write-an-index.md ${each}`),
  ],
  'test/page-code': ['docs/write-a-driver.md', 'docs/write-an-index.md', 'examples/driver-azure-blob/README.md', 'examples/index-postgres/README.md'].map((page) => `${page} js`),
  'tests/src/contract-page': ['docs/contract.md ts'],
  'tests/src/hooks-page, and test/config/hooks': ['docs/hooks.md js'],
  'examples/embedded': ['examples/embedded/README.md ts'],
  'test/redirects': ['docs/redirects.md nginx'],
}

it('code is on the pages alone whose tests run it', () => {
  const found = snippets.filter(({ language }) => !everywhere.includes(language)).map(({ page, language }) => `${page} ${language}`)
  expect([...new Set(found)].sort()).toEqual(Object.values(runBy).flat().sort())
})

/** Programs on pages that are not the command: of these, a test runs what a machine without a network can. */
const programs = ['aws', 'cd', 'cp', 'docker', 'mc', 'mkdir', 'node', 'npm', 'npx', 'podman', 'radosgw-admin', 'registry', 'skopeo', 'systemctl', 'tar', 'umoci', 'useradd']

/** Lines for a shell, without variables before them. */
const shellLines = those('sh').flatMap(([page, text]) =>
  text.replaceAll('\\\n', ' ').split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => [page, line.trim().replace(/^(?:[A-Z0-9_]+=\S* +)*/, '')] as const),
)

describe('a line for a shell', () => {
  it('begins with a program that is known', () => {
    const strange = shellLines.filter(([, line]) => !programs.includes(line.split(' ')[0]!))
    expect(strange).toEqual([])
  })

  it('runs a script of npm that there is', () => {
    const scripts = Object.keys((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: object }).scripts)
    const asked = shellLines.flatMap(([page, line]) => [...line.matchAll(/npm run (?:--\S+ )*([\w-]+)/g)].map(([, name]) => [page, name!] as const))
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.filter(([, name]) => !scripts.includes(name))).toEqual([])
  })

  it('runs a file that there is', () => {
    const files = shellLines.flatMap(([page, line]) => [...line.matchAll(/\bnode (\S+\.m?js)/g)].map(([, file]) => [page, file!] as const))
    expect(files.filter(([, file]) => !existsSync(join(root, file)))).toEqual([])
  })
})

describe('a configuration on a page', () => {
  it.each(those('yaml'))('is one that a registry takes as it stands: %s', async (_, text) => {
    const flavors = [...text.matchAll(/^(\w+):(?! &)/gm)].map(([, name]) => name!)
    expect(flavors).not.toEqual([])
    for (const flavor of flavors) {
      const { warnings } = await loadText(folderOfPages(), text, { flavor, environment: environmentFor(text) })
      expect(warnings.filter((warning) => /no option|ignored/.test(warning))).toEqual([])
    }
  })
})

/** Lines of the command, whatever stands before it: variables, and what finds it. */
const commandLines = those('sh').flatMap(([page, text]) =>
  text.replaceAll('\\\n', ' ').split('\n').flatMap((line) => {
    const [, direct] = /^(?:[A-Z0-9_]+=\S* )*(?:npx (?:-p \S+ )?)?registry (.*)$/.exec(line) ?? []
    const [, started] = /^(?:[A-Z0-9_]+=\S* )*npm start -- (.*)$/.exec(line) ?? []
    const args = direct ?? (started === undefined ? undefined : `serve ${started}`)
    return args === undefined ? [] : [[page, args.replace(/\s#.*/, '').trim()] as const]
  }),
)

/** The commands, which do nothing. */
function idle(command: Command): Command {
  command.exitOverride().configureOutput({ writeErr: () => {} })
  command.action(() => {})
  for (const below of command.commands) idle(below)
  return command
}

describe('a line of the command on a page', () => {
  it('is on more than a few', () => {
    expect(commandLines.length).toBeGreaterThan(15)
  })

  it.each(commandLines)('has a command and options that there are: %s, registry %s', async (_, line) => {
    const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
    const registry = program()
    expect(registry.commands.map((command) => command.name())).toContain(args[0])
    for (const command of registry.commands) idle(command)
    await registry.exitOverride().parseAsync(args, { from: 'user' })
  })
})

describe('JSON on a page', () => {
  it.each(those('json'))('is JSON: %s', (_, text) => {
    expect(() => { JSON.parse(text) }).not.toThrow()
  })
})

describe('what a page installs', () => {
  const names = those('sh').flatMap(([page, text]) => [...text.matchAll(/^npm install (.+)$/gm)].map(([, line]) => [page, line!.split(' ').filter((word) => !word.startsWith('--'))] as const))
  const published = new Set(['packages', 'examples'].flatMap((folder) => execFileSync('git', ['ls-files', `${folder}/*/package.json`], { cwd: root, encoding: 'utf8' }).trim().split('\n')).map((file) => (JSON.parse(readFileSync(join(root, file), 'utf8')) as { readonly name: string }).name))

  it.each(names)('is a package that there is: %s, %s', (_, words) => {
    expect(words.filter((word) => !published.has(word) && word !== 'vitest')).toEqual([])
  })
})

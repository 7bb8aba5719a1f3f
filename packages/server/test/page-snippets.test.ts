import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
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
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```(\S*)( \S+)?\n(.*?)^```$/gms)].map(([, language = '', name = '', text = '']) => ({ page, language: `${language}${name}`, text })),
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

it('pages have snippets of the languages that are looked at, and no others', () => {
  expect([...new Set(snippets.map(({ language }) => language))].sort()).toEqual(
    // Code is run by the tests of the pages that have it; nginx's by those of redirects.
    ['', 'javascript', 'js', 'json', 'nginx', 'sh', 'text', 'ts', 'ts flat-driver.test.ts', 'ts flat-driver.ts', 'ts log-index.test.ts', 'ts log-index.ts', 'yaml', 'yaml flat.yml', 'yaml log.yml'],
  )
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

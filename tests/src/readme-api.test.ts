import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { readPackages, type Package } from './repository.js'

const entries = readPackages().flatMap((one) =>
  Object.entries(one.manifest.exports ?? {}).flatMap(([path, target]) =>
    typeof target === 'string' ? [] : [[`${one.manifest.name}${path.slice(1)}`, one, target['default'] ?? ''] as const],
  ),
)

describe('the API in the README', () => {
  it.each(entries)('of %s has each export, and nothing else', (entry, one, target) => {
    const rows = rowsOf(entry, readFileSync(join(one.folder, 'README.md'), 'utf8'))
    expect(rows.map(({ name }) => name).sort()).toEqual([...exportsOf(one, target)].sort())
    expect(rows.filter(({ meaning }) => !/^[A-Z`].*\.$/.test(meaning) || meaning.startsWith('TODO')).map(({ name }) => name)).toEqual([])
  })
})

/** The rows of the table below the heading of an entry: `type Driver`, `pageLimit(limit)` and so on. */
function rowsOf(entry: string, readme: string): readonly { readonly name: string; readonly meaning: string }[] {
  const [, api = ''] = readme.split('\n## API\n')
  const section = api.split(/^###? /m).find((text) => text.startsWith(`${entry}\n`)) ?? ''
  return [...section.matchAll(/^\| `(?:type |class )?(\w+)[^`]*` \| (.*) \|$/gm)].map(([, name = '', meaning = '']) => ({ name, meaning }))
}

/** What the source of an entry exports; an entry is a list of named exports. */
function exportsOf({ folder }: Package, target: string): readonly string[] {
  const path = join(folder, target.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest)
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause || !ts.isNamedExports(statement.exportClause)) {
      throw new Error(`${path} is more than a list of named exports`)
    }
    return statement.exportClause.elements.map(({ name }) => name.text)
  })
}

import { type FoundRepositories, visibleText } from '@registry/engine'
import { Command, InvalidArgumentError, Option } from 'commander'
import { loadOptions, parseText, withConfigOptions } from './config-options.js'
import { refuse } from './refuse.js'
import { searchOverHttp } from './search-over-http.js'
import { searchTable } from './search-table.js'
import { useRegistry } from './use-registry.js'

interface SearchOptions {
  readonly limit: number
  readonly url?: string
  readonly json?: true
}

/** How far the pages of a registry lead. */
const mostResults = 100_000

/** `registry search`. */
export function searchCommand(): Command {
  const command = new Command('search')
    .summary('find repositories by name or description')
    .description('Finds the repositories that have every term in name or description, the best first. Without a term it finds all.')
    .argument('[term...]', 'what to find, anywhere in a name or a description, in capitals or not')
    .addOption(new Option('-n, --limit <number>', 'how many to print, at most 100000').default(25).argParser(parseLimit))
    .addOption(new Option('--url <url>', 'search the registry that is served there').argParser(parseText).conflicts(['storagePath', 'config', 'flavor']))
    .option('--json', 'print one JSON document')
  return withConfigOptions(command, 'folder of the registry')
    .addHelpText(
      'after',
      `
Examples:
  $ registry search alpine
  $ registry search small linux --limit 100
  $ registry search alpine --url http://127.0.0.1:5000 --json

First is the repository of this name, then those whose names begin with it, those that have it in their names, those
that have it in their descriptions; each of these by name. On a terminal descriptions are cut to its width.

The registry may be running. Exit code: 0, also when nothing is found; 1 when it cannot search.
`,
    )
    .action(async (terms: readonly string[], options: SearchOptions, command: Command) => {
      const text = terms.join(' ')
      const { limit, url } = options
      if (url === undefined) {
        await useRegistry(loadOptions(command), async (registry) => {
          print(text, await registry.repositories.search(text, { limit }), options)
        })
        return
      }
      try {
        print(text, await searchOverHttp(url, text, { limit }), options)
      } catch (error) {
        refuse(error)
      }
    })
}

function parseLimit(text: string): number {
  const limit = Number(text)
  if (!/^[1-9]\d*$/.test(text) || limit > mostResults) throw new InvalidArgumentError(`It is a whole number from 1 to ${mostResults}.`)
  return limit
}

function print(text: string, found: FoundRepositories, { json }: SearchOptions): void {
  if (json) {
    process.stdout.write(`${documentOf(text, found)}\n`)
    return
  }
  const { repositories } = found
  if (repositories.length > 0) process.stdout.write(`${searchTable(repositories, process.stdout).join('\n')}\n`)
  const note = noteOf(text, found)
  if (note !== undefined) process.stderr.write(`registry: ${note}\n`)
}

/** The fields are those of the API. What a terminal could take for a command is escaped, as JSON lets one do. */
function documentOf(text: string, { repositories, found, more }: FoundRepositories): string {
  const results = repositories.map(({ name, description = '' }) => ({ name, description }))
  const document = JSON.stringify({ query: text, num_results: found, more, results }, undefined, 2)
  return document.replaceAll(/(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return character.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  })
}

/** What the table does not show. */
function noteOf(text: string, { repositories, found, more }: FoundRepositories): string | undefined {
  if (repositories.length === 0 && !more) return text.trim() === '' ? 'there are no repositories' : `nothing matches ${visibleText(text)}`
  const others = found - repositories.length
  if (others > 0) return `${others} more ${others === 1 ? 'matches' : 'match'}${more ? ', and there may be others' : ''}; --limit shows more`
  return more ? 'there may be more matches; --limit shows more' : undefined
}

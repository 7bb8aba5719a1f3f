import { parseRepositoryName, RegistryError } from '@registry/core'
import { type Registry, visibleText } from '@registry/engine'
import { Command } from 'commander'
import { loadOptions, withConfigOptions } from './config-options.js'
import { useRegistry } from './use-registry.js'

interface DescribeOptions {
  readonly clear?: true
}

/** `registry describe`. */
export function describeCommand(): Command {
  const command = new Command('describe')
    .summary('show or set the description of a repository')
    .description('Prints the description of a repository, which search finds it by; or sets it, in place of what its newest tagged image says of itself.')
    .argument('<name>', 'a repository')
    .argument('[text...]', 'its description from now on')
    .option('--clear', 'let its images describe it again')
  return withConfigOptions(command, 'folder of the registry')
    .addHelpText(
      'after',
      `
Examples:
  $ registry describe team/alpine
  $ registry describe team/alpine 'Alpine with the certificates of the company'
  $ registry describe team/alpine --clear

A description is one line; of a long one the first 1,000 bytes are kept. The registry may be running.
`,
    )
    .action(async (name: string, words: readonly string[], { clear }: DescribeOptions, command: Command) => {
      await useRegistry(loadOptions(command), async (registry) => {
        const repository = parseRepositoryName(name)
        if (clear && words.length > 0) throw new RegistryError('CONFIG', 'a description is set or cleared: give a text, or --clear')
        if (!clear && words.length === 0) {
          await show(registry, repository)
          return
        }
        await registry.repositories.describe(repository, clear ? undefined : words.join(' '))
        process.stdout.write(clear ? `${repository} is described by its images again\n` : `described ${repository}\n`)
      })
    })
}

async function show(registry: Registry, repository: string): Promise<void> {
  const { description } = await registry.repositories.get(repository)
  if (description === undefined) process.stderr.write(`registry: nothing describes ${repository}\n`)
  else process.stdout.write(`${visibleText(description)}\n`)
}

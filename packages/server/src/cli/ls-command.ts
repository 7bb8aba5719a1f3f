import { parseReference, parseRepositoryName, RegistryError } from '@registry/core'
import type { ManifestInfo, Registry } from '@registry/engine'
import { Command } from 'commander'
import { loadOptions, withConfigOptions } from './config-options.js'
import { useRegistry } from './use-registry.js'

interface LsOptions {
  readonly manifests?: true
  readonly json?: true
}

/** One line of a list: as people read it, and as a script does. */
interface Line {
  readonly text: string
  readonly json: Readonly<Record<string, unknown>>
}

/** `registry ls`. */
export function lsCommand(): Command {
  const command = new Command('ls')
    .summary('list repositories, tags or manifests')
    .description('Lists the repositories of a registry, or the tags of one repository with the digests that they lead to.')
    .argument('[name]', 'a repository')
    .option('--manifests', 'list all manifests of the repository, tagged or not, with media type and size')
    .option('--json', 'print a JSON object on each line')
  return withConfigOptions(command, 'folder of the registry')
    .addHelpText(
      'after',
      `
Examples:
  $ registry ls
  $ registry ls library/alpine
  $ registry ls library/alpine --manifests --json

The registry may be running.
`,
    )
    .action(async (name: string | undefined, { manifests, json }: LsOptions, command: Command) => {
      await useRegistry(loadOptions(command), async (registry) => {
        const repository = name === undefined ? undefined : parseRepositoryName(name)
        for await (const line of linesOf(registry, repository, manifests === true)) {
          process.stdout.write(`${json ? JSON.stringify(line.json) : line.text}\n`)
        }
      })
    })
}

function linesOf(registry: Registry, repository: string | undefined, manifests: boolean): AsyncGenerator<Line, void> {
  if (repository === undefined) return repositories(registry)
  return manifests ? manifestsIn(registry, repository) : tagsIn(registry, repository)
}

const limit = 1000

async function* repositories(registry: Registry): AsyncGenerator<Line, void> {
  for (let after: string | undefined, more = true; more; ) {
    const page = await registry.repositories.list({ limit, after })
    for (const name of page.repositories) yield { text: name, json: { repository: name } }
    after = page.repositories.at(-1)
    more = page.more
  }
}

async function* tagsIn(registry: Registry, repository: string): AsyncGenerator<Line, void> {
  for (let after: string | undefined, more = true; more; ) {
    const page = await registry.tags.list(repository, { limit, after })
    for (const tag of page.tags) {
      const found = await statOf(registry, repository, tag)
      if (found === undefined) continue
      const { digest, mediaType, size } = found
      yield { text: `${repository}:${tag}\t${digest}`, json: { repository, tag, digest, mediaType, size } }
    }
    after = page.tags.at(-1)
    more = page.more
  }
}

/** `undefined` where the tag was deleted since it was listed. */
async function statOf(registry: Registry, repository: string, tag: string): Promise<ManifestInfo | undefined> {
  try {
    return await registry.manifests.stat(repository, parseReference(tag))
  } catch (error) {
    if (RegistryError.is(error, 'MANIFEST_UNKNOWN')) return undefined
    throw error
  }
}

async function* manifestsIn(registry: Registry, repository: string): AsyncGenerator<Line, void> {
  for (let after, more = true; more; ) {
    const page = await registry.manifests.list(repository, { limit, after })
    for (const { digest, mediaType, size } of page.manifests) {
      yield { text: `${repository}@${digest}\t${size}\t${mediaType}`, json: { repository, digest, mediaType, size } }
    }
    after = page.manifests.at(-1)?.digest
    more = page.more
  }
}

import { createInterface } from 'node:readline/promises'
import { type Digest, parseDigest, parseRepositoryName, parseTag, RegistryError } from '@registry/core'
import type { DeletedContents, Registry } from '@registry/engine'
import { Command } from 'commander'
import { loadOptions, withConfigOptions } from './config-options.js'
import { refuse } from './refuse.js'
import { useRegistry } from './use-registry.js'

interface RmOptions {
  readonly yes?: true
}

type Target =
  | { readonly kind: 'tag'; readonly repository: string; readonly tag: string }
  | { readonly kind: 'manifest'; readonly repository: string; readonly digest: Digest }
  | { readonly kind: 'repository'; readonly repository: string }

/** `registry rm`. */
export function rmCommand(): Command {
  const command = new Command('rm')
    .summary('delete tags, manifests or repositories')
    .description('Deletes a tag (NAME:TAG), a manifest with every tag that leads to it (NAME@DIGEST), or a whole repository (NAME).')
    .argument('<reference...>', 'what to delete: NAME:TAG, NAME@DIGEST or NAME')
    .option('-y, --yes', 'delete whole repositories without asking')
  return withConfigOptions(command, 'folder of the registry')
    .addHelpText(
      'after',
      `
Examples:
  $ registry rm library/alpine:3.20
  $ registry rm library/alpine@sha256:0123…
  $ registry rm --yes library/alpine

The registry may be running. The space of blobs that nothing uses any more is not given back yet: that takes the
garbage collector of a later version.
`,
    )
    .action(async (references: readonly string[], { yes }: RmOptions, command: Command) => {
      await useRegistry(loadOptions(command), async (registry) => {
        // All are read before the first is deleted: what is malformed deletes nothing.
        const targets = references.map(parseTarget)
        for (const target of targets) {
          try {
            process.stdout.write(`${await remove(registry, target, yes === true)}\n`)
          } catch (error) {
            // The others are deleted all the same.
            refuse(error)
          }
        }
      })
    })
}

/** @throws `NAME_INVALID`, `TAG_INVALID`, `DIGEST_INVALID` */
function parseTarget(text: string): Target {
  const at = text.indexOf('@')
  if (at >= 0) return { kind: 'manifest', repository: parseRepositoryName(text.slice(0, at)), digest: parseDigest(text.slice(at + 1)) }
  const colon = text.lastIndexOf(':')
  if (colon >= 0) return { kind: 'tag', repository: parseRepositoryName(text.slice(0, colon)), tag: parseTag(text.slice(colon + 1)) }
  return { kind: 'repository', repository: parseRepositoryName(text) }
}

/** @returns what was done */
async function remove(registry: Registry, target: Target, withoutAsking: boolean): Promise<string> {
  const { repository } = target
  switch (target.kind) {
    case 'tag':
      await registry.tags.delete(repository, target.tag)
      return `deleted ${repository}:${target.tag}`
    case 'manifest':
      await registry.manifests.delete(repository, target.digest)
      return `deleted ${repository}@${target.digest} and the tags that led to it`
    case 'repository': {
      if (!withoutAsking) await confirm(repository)
      const { manifests, blobs } = await registry.repositories.delete(repository, { onProgress: showProgress })
      return `deleted ${repository} with ${contents(manifests, blobs)}`
    }
  }
}

/** @throws `CONFIG` where the answer is no, or nobody is there to give one */
async function confirm(repository: string): Promise<void> {
  if (!process.stdin.isTTY) throw new RegistryError('CONFIG', `${repository} is a whole repository; --yes deletes it`)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await terminal.question(`Delete the repository ${repository} with everything in it? [y/N] `)
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new RegistryError('CONFIG', `${repository} was not deleted`)
  } finally {
    terminal.close()
  }
}

function showProgress({ manifests, blobs }: DeletedContents): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Kdeleted ${contents(manifests, blobs)}\r`)
}

function contents(manifests: number, blobs: number): string {
  return `${manifests} ${manifests === 1 ? 'manifest' : 'manifests'} and ${blobs} ${blobs === 1 ? 'blob' : 'blobs'}`
}

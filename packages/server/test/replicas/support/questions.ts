import type { Book } from '../../durability/support/book.js'
import { parseThing } from '../../durability/support/things.js'
import { type Questions, questionsAbout } from '../../support/answers.js'

/** Everything that can be asked about what a book tells of, but for what goes with an index: sessions, and blobs that no manifest explains. */
export function questionsOf({ ledger, manifests }: Book): Questions {
  const repositories = new Map<string, { tags: string[]; manifests: string[]; blobs: string[] }>()
  for (const thing of ledger.things) {
    const { kind, repository, name } = parseThing(thing)
    const about = repositories.get(repository) ?? { tags: [], manifests: [], blobs: [] }
    repositories.set(repository, about)
    if (kind === 'tag') about.tags.push(name)
    if (kind !== 'manifest') continue
    about.manifests.push(name)
    if (ledger.possible(thing).has('present')) about.blobs.push(...manifests.get(name)!.blobs)
  }
  return [...[...repositories].flatMap(([repository, about]) => questionsAbout(repository, about)), ['GET', '/v2/_catalog']]
}

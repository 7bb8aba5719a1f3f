import { RegistryError } from '@registry/core'
import { contents, images } from './content.js'
import { type Operation, perform, type Rooms } from './operations.js'
import type { RepositoryState } from './repository-state.js'

/** What clients see of a repository when nothing else goes on. */
export async function observe(rooms: Rooms, repository: string): Promise<RepositoryState> {
  const sees = async (operation: Operation): Promise<string | undefined> => {
    const outcome = await perform(rooms, operation, async () => {})
    return outcome.state === 'done' ? outcome.found : undefined
  }
  const { repositories } = await rooms.repositories.list({ limit: 100 })
  const manifests: string[] = []
  for (const image of images) if ((await sees({ kind: 'read manifest', repository, image })) === image.name) manifests.push(image.name)
  const tags: (readonly [string, string])[] = []
  for (const tag of await tagsOf(rooms, repository)) tags.push([tag, (await sees({ kind: 'read tag', repository, tag })) ?? 'nothing, though it is listed'])
  const blobs: string[] = []
  for (const blob of contents) {
    const found = await sees({ kind: 'read blob', repository, blob })
    if (found !== undefined) blobs.push(found)
  }
  return { exists: repositories.includes(repository), manifests: manifests.sort(), tags, blobs: blobs.sort() }
}

async function tagsOf({ tags }: Rooms, repository: string): Promise<readonly string[]> {
  try {
    return (await tags.list(repository, { limit: 100 })).tags
  } catch (error) {
    if (RegistryError.is(error, 'NAME_UNKNOWN')) return []
    throw error
  }
}

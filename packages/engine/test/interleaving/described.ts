import { isLive, type Manifest, type Repository, type Tag, type Tombstone } from '../../src/rows.js'
import { imageWith } from './content.js'
import type { World } from './world.js'

/** Repositories whose description is not what their newest tagged manifest says that says anything. */
export function wrongDescriptions(world: World): readonly string[] {
  if (!world.search) return []
  return [...world.rowsOf<Repository | Tombstone>('repositories/')].flatMap(({ sort: name, value }) => {
    if (!isLive(value)) return []
    const expected = newestTitle(world, name)
    const found = value.derived?.text
    return found === expected && value.describing === undefined ? [] : [`${name} has ${JSON.stringify(value)}, expected ${expected}`]
  })
}

function newestTitle(world: World, repository: string): string | undefined {
  const manifests = [...world.rowsOf<Manifest | Tombstone>(`manifests/${repository}`)]
  const tags = [...world.rowsOf<Tag | Tombstone>(`tags/${repository}`)].flatMap(({ sort: tag, value }) => {
    if (!isLive(value)) return []
    const manifest = manifests.find(({ sort }) => sort === value.digest)?.value
    const isThere = manifest !== undefined && isLive(manifest) && manifest.generation === value.generation
    const name = isThere ? imageWith(value.digest)?.name : undefined
    return name === undefined || name === 'signature' ? [] : [{ name, tag, time: value.time }]
  })
  return tags.sort((a, b) => a.time - b.time || (a.tag < b.tag ? -1 : 1)).at(-1)?.name
}

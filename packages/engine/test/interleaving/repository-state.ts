import type { Image } from './content.js'

/** What one can see of a repository, all by name. Lists are sorted, so that equal states have equal texts. */
export interface RepositoryState {
  readonly exists: boolean
  readonly manifests: readonly string[]
  /** Tag and manifest. */
  readonly tags: readonly (readonly [tag: string, manifest: string])[]
  readonly blobs: readonly string[]
}

export const emptyRepository: RepositoryState = { exists: false, manifests: [], tags: [], blobs: [] }

export function withBlob(state: RepositoryState, blob: string): RepositoryState {
  return { ...state, blobs: added(state.blobs, blob) }
}

export function withoutBlob(state: RepositoryState, blob: string): RepositoryState {
  return { ...state, blobs: state.blobs.filter((each) => each !== blob) }
}

export function withManifest(state: RepositoryState, { name }: Image, tag?: string): RepositoryState {
  const others = state.tags.filter(([each]) => each !== tag)
  const tags = tag === undefined ? state.tags : [...others, [tag, name] as const].sort(([a], [b]) => (a < b ? -1 : 1))
  return { ...state, exists: true, manifests: added(state.manifests, name), tags }
}

/** Every tag of a manifest goes with it. */
export function withoutManifest(state: RepositoryState, name: string): RepositoryState {
  return { ...state, manifests: state.manifests.filter((each) => each !== name), tags: state.tags.filter(([, manifest]) => manifest !== name) }
}

export function withoutTag(state: RepositoryState, tag: string): RepositoryState {
  return { ...state, tags: state.tags.filter(([each]) => each !== tag) }
}

export function taggedManifest({ tags }: RepositoryState, tag: string): string | undefined {
  return tags.find(([each]) => each === tag)?.[1]
}

function added(list: readonly string[], item: string): readonly string[] {
  return list.includes(item) ? list : [...list, item].sort()
}

import type { Digest } from '@registry/core'

/** What happens in a registry, and what a listener is told of it. Sizes are in bytes. */
export interface RegistryEvents {
  /** With its first manifest. */
  readonly 'repository.created': { readonly repository: string }
  /** Its description is another one. */
  readonly 'repository.updated': { readonly repository: string }
  readonly 'repository.deleted': { readonly repository: string }
  /** The tag is new, or leads to another manifest than before. */
  readonly 'tag.pushed': { readonly repository: string; readonly tag: string; readonly digest: Digest; readonly mediaType: string; readonly size: number }
  /** On its own, or after the manifest that it led to. */
  readonly 'tag.deleted': { readonly repository: string; readonly tag: string; readonly digest?: Digest }
  readonly 'manifest.pushed': {
    readonly repository: string
    readonly digest: Digest
    readonly mediaType: string
    readonly size: number
    /** The manifest that it refers to. */
    readonly subject: Digest | undefined
  }
  readonly 'manifest.deleted': { readonly repository: string; readonly digest: Digest }
  /** An upload gave the repository a blob that it did not have. */
  readonly 'blob.pushed': { readonly repository: string; readonly digest: Digest; readonly size: number }
  /** The repository has a blob from now on that was there already; `from`: the repository that it was asked of. */
  readonly 'blob.mounted': { readonly repository: string; readonly digest: Digest; readonly size: number; readonly from?: string }
  readonly 'blob.deleted': { readonly repository: string; readonly digest: Digest }
}

/** The name of an event, such as `tag.pushed`. */
export type EventName = keyof RegistryEvents

/** Is told of what happened, once the answer does not wait for it any more. Nobody waits for what it returns. */
export type Listener<Name extends EventName> = (event: RegistryEvents[Name]) => unknown

/** One event, with its name. */
export type RegistryEvent = { readonly [Name in EventName]: { readonly name: Name; readonly event: RegistryEvents[Name] } }[EventName]

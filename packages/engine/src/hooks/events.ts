import type { Digest } from '@registry/core'

/** What happens in a registry, and what a listener is told of it. Sizes are in bytes. */
export interface RegistryEvents {
  /** With its first manifest. */
  readonly 'repository.created': {
    /** Whole name, such as `library/alpine`. */
    readonly repository: string
  }
  /** Its description is another one. */
  readonly 'repository.updated': {
    /** Whole name, such as `library/alpine`. */
    readonly repository: string
  }
  /** With all that it held, of which there are events of their own. */
  readonly 'repository.deleted': {
    /** Whole name, such as `library/alpine`. */
    readonly repository: string
  }
  /** The tag is new, or leads to another manifest than before. */
  readonly 'tag.pushed': {
    /** Whole name, such as `library/alpine`. */
    readonly repository: string
    /** Without the repository, such as `latest`. */
    readonly tag: string
    /** The manifest that it leads to now. */
    readonly digest: Digest
    /** Of that manifest. */
    readonly mediaType: string
    /** Of that manifest. */
    readonly size: number
  }
  /** On its own, or after the manifest that it led to. */
  readonly 'tag.deleted': {
    /** Whole name, such as `library/alpine`. */
    readonly repository: string
    /** Without the repository, such as `latest`. */
    readonly tag: string
    /** The manifest that it led to, where that is known. */
    readonly digest?: Digest
  }
  /** The repository did not have it. Pushing again what is there tells nothing. */
  readonly 'manifest.pushed': {
    /** Whole name, such as `library/alpine`. */
    readonly repository: string
    /** Of its exact bytes. */
    readonly digest: Digest
    /** An image's or an index's, OCI's or Docker's. */
    readonly mediaType: string
    /** Of the manifest alone, without what it names. */
    readonly size: number
    /** The manifest that it refers to. */
    readonly subject: Digest | undefined
  }
  /** On its own, or with its repository. */
  readonly 'manifest.deleted': {
    /** Whole name, such as `library/alpine`. */
    readonly repository: string
    /** Of its exact bytes, as they were pushed. */
    readonly digest: Digest
  }
  /** An upload gave the repository a blob that it did not have. */
  readonly 'blob.pushed': {
    /** Whole name, such as `library/alpine`. */
    readonly repository: string
    /** The one that the upload was finished with. */
    readonly digest: Digest
    /** Of the whole blob. */
    readonly size: number
  }
  /** The repository has a blob from now on that was there already; `from`: the repository that it was asked of. */
  readonly 'blob.mounted': {
    /** The one that has the blob now. */
    readonly repository: string
    /** Of all its bytes. */
    readonly digest: Digest
    /** Of the whole blob. */
    readonly size: number
    /** Absent where the mount did not say from which repository. */
    readonly from?: string
  }
  /** The repository does not have the blob any more; others may. */
  readonly 'blob.deleted': {
    /** Whole name, such as `library/alpine`. */
    readonly repository: string
    /** Of all its bytes. */
    readonly digest: Digest
  }
}

/** The name of an event, such as `tag.pushed`. */
export type EventName = keyof RegistryEvents

/** Is told of what happened, once the answer does not wait for it any more. Nobody waits for what it returns. */
export type Listener<Name extends EventName> = (event: RegistryEvents[Name]) => unknown

/** One event, with its name. */
export type RegistryEvent = { readonly [Name in EventName]: { readonly name: Name; readonly event: RegistryEvents[Name] } }[EventName]

import type { Digest } from '@registry/core'

/** A manifest that somebody pushes, of which nothing is stored yet. It is well-formed and has the digest. */
export interface ManifestPush {
  /** Whole name, such as `library/alpine`. The repository need not exist: its first manifest makes it. */
  readonly repository: string
  /** Of `text`. `sha256`, unless it is pushed by a digest of another algorithm. */
  readonly digest: Digest
  /** An image's or an index's, OCI's or Docker's. */
  readonly mediaType: string
  /** Bytes. */
  readonly size: number
  /** The tags that are to lead to it; none where it is pushed by its digest alone. */
  readonly tags: readonly string[]
  /** The exact text. */
  readonly text: string
  /** Of the manifest; empty where it has none. */
  readonly annotations: Readonly<Record<string, string>>
  /** The manifest that it refers to. */
  readonly subject: Digest | undefined
  /** Media type of the config: an image's, or whatever an artifact has. Absent for an index. */
  readonly configType: string | undefined
  /**
   * Reads the config of an image, such as its labels under `config.Labels`.
   *
   * @returns what the JSON says; `undefined` for what is no image, and where the config is no JSON object, is larger than 4 MiB,
   * or is not in this repository
   */
  config(): Promise<Readonly<Record<string, unknown>> | undefined>
}

/** A tag that is to lead to a manifest, which may be there already. */
export interface TagPush {
  /** Whole name, such as `library/alpine`. The repository need not exist: its first manifest makes it. */
  readonly repository: string
  /** Without the repository, such as `latest`. */
  readonly tag: string
  /** The manifest that it is to lead to. */
  readonly digest: Digest
  /** Of that manifest. */
  readonly mediaType: string
  /** Bytes of the manifest. */
  readonly size: number
}

/** What can be refused, and what a check is shown of it. */
export interface RegistryPushes {
  /** Once for each push, also of what is there already. */
  readonly 'manifest.push': ManifestPush
  /** Once for each tag of a push, behind the checks of its manifest; also where the tag leads there already. */
  readonly 'tag.push': TagPush
}

/** What a check may refuse: `manifest.push` or `tag.push`. */
export type PushName = keyof RegistryPushes

/** What a check is given beside the push. */
export interface CheckOptions {
  /** Is aborted when the time for the check is over, or nobody waits for the push any more. */
  readonly signal: AbortSignal
}

/** Lets a push pass, whatever it returns; where it throws or rejects, the push is refused with `DENIED` and the message of what was thrown. */
export type Check<Name extends PushName> = (push: RegistryPushes[Name], options: CheckOptions) => unknown

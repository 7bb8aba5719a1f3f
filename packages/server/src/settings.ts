import { baseUrl } from './base-url.js'
import { byteBudget, type ByteBudget } from './byte-budget.js'
import { nginxPrefix } from './nginx.js'
import { type RedirectOptions, type Redirects, redirectsOf } from './redirects.js'
import { uploadSlots, type UploadSlots } from './upload-slots.js'

/** How much one server takes on, beside the limits of the registry's policy. */
export interface ServerLimits {
  /** Entries of a page of tags or repositories, and of one that was asked for without a number. Default 10,000. */
  readonly pageEntries: number
  /** Bytes of a page of referrers, about. Default 4 MiB less what an index needs around them. */
  readonly referrersBytes: number
  /** Bytes of the request line and the headers together. Default 64 KiB. */
  readonly headerBytes: number
  /** Blobs and manifests that are received at the same time. A blob takes up to about 600 KiB of memory. Default 512. */
  readonly uploadsAtOnce: number
  /** Bytes of manifests that are received, and of manifests and lists that are sent, at the same time, of those above 64 KiB. Default 128 MiB. */
  readonly bufferedBytes: number
}

/** What a server does differently from the next. */
export interface Settings {
  /** Methods that are switched off, and why. */
  readonly off: ReadonlyMap<string, string>
  /** What paths become in `Location` and `Link`: nothing is put before them, or the public URL. */
  readonly urlPrefix: string
  readonly limits: ServerLimits
  readonly slots: UploadSlots
  readonly buffered: ByteBudget
  /** A mount that names no source takes the blob from wherever it is. */
  readonly anonymousMounts: boolean
  /** `undefined`: no read of a blob is redirected. */
  readonly redirects: Redirects | undefined
  /** What stands before the keys of the objects that nginx serves; `undefined`: it serves none. */
  readonly nginxPrefix: string | undefined
  /** The text at `/`. */
  readonly issue: string
  /** What `/_ping` calls the configuration; with it, the host and versions are told too. */
  readonly flavor: string | undefined
}

export interface SettingsOptions {
  readonly readOnly?: boolean | undefined
  readonly deletes?: boolean | undefined
  readonly publicUrl?: string | undefined
  readonly anonymousMounts?: boolean | undefined
  readonly redirects?: RedirectOptions | undefined
  readonly nginxPrefix?: string | undefined
  readonly limits?: Partial<ServerLimits> | undefined
  readonly issue?: string | undefined
  readonly flavor?: string | undefined
}

const defaultIssue = 'A container registry. Its API is below /v2/.'

const defaultLimits: ServerLimits = {
  pageEntries: 10_000,
  referrersBytes: 4 * 1024 * 1024 - 1024,
  headerBytes: 64 * 1024,
  uploadsAtOnce: 512,
  bufferedBytes: 128 * 1024 * 1024,
}

/** @throws `CONFIG` where an option has a value that makes no sense */
export function settingsOf(options: SettingsOptions): Settings {
  const { readOnly = false, deletes = true, anonymousMounts = true, publicUrl, redirects, nginxPrefix: prefix, limits, issue = defaultIssue, flavor } = options
  const all = { ...defaultLimits, ...limits }
  return {
    off: new Map([
      ...(deletes ? [] : [['DELETE', 'deletes are switched off'] as const]),
      ...(readOnly ? ['POST', 'PUT', 'PATCH', 'DELETE'].map((method) => [method, 'the registry is read-only'] as const) : []),
    ]),
    urlPrefix: publicUrl === undefined ? '' : urlPrefix(publicUrl),
    limits: all,
    slots: uploadSlots(all.uploadsAtOnce),
    buffered: byteBudget(all.bufferedBytes),
    anonymousMounts,
    redirects: redirects && redirectsOf(redirects),
    nginxPrefix: prefix === undefined ? undefined : nginxPrefix(prefix),
    issue,
    flavor,
  }
}

/**
 * What stands before the paths that clients are told: the public URL without the slash at its end.
 *
 * @throws `CONFIG`
 */
export function urlPrefix(publicUrl: string): string {
  return baseUrl(publicUrl, 'the public URL')
}

import { RegistryError, type ErrorCode } from '@registry/core'

/** What a call to the file system was for. */
export interface FileCall {
  readonly operation: string
  readonly key?: string | undefined
  /** `unknown` where, if it fails, a write may or may not have happened. */
  readonly outcome?: 'unknown'
}

const codes: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOSPC: ['NO_SPACE', 'no room is left'],
  EDQUOT: ['NO_SPACE', 'the disk quota is used up'],
  EFBIG: ['LIMIT_EXCEEDED', 'the file system takes no file of that size'],
  EACCES: ['ACCESS_DENIED', 'the permissions do not allow it'],
  EPERM: ['ACCESS_DENIED', 'the permissions do not allow it'],
  EROFS: ['ACCESS_DENIED', 'the file system is read-only'],
  EXDEV: ['CONFIG', 'it lies on another file system than the root; all that is below the root has to be one'],
  ENOTDIR: ['INTERNAL', 'a file is in place of a directory on its path'],
  EISDIR: ['INTERNAL', 'a directory is in place of the object'],
  EMFILE: ['UNAVAILABLE', 'this process has too many files open'],
  ENFILE: ['UNAVAILABLE', 'this machine has too many files open'],
}

/** The error for a call to the file system about `path` that failed with `cause`. */
export function fileError(cause: unknown, path: string, { operation, key, outcome }: FileCall): RegistryError {
  const [code, reason] = codes[errnoOf(cause)] ?? ['INTERNAL', cause instanceof Error ? cause.message : String(cause)]
  return new RegistryError(code, `${operation} ${path}: ${reason}`, { driver: 'file', operation, key, outcome, cause })
}

/** The same call, with its errors told as those of a driver. Bodies are not awaited in here: what they throw is not ours. */
export async function told<Value>(call: Promise<Value>, path: string, about: FileCall): Promise<Value> {
  try {
    return await call
  } catch (error) {
    throw RegistryError.is(error) ? error : fileError(error, path, about)
  }
}

/** The same call, `undefined` where there is nothing at its path: no file, or a file in place of a folder above it. */
export async function ifPresent<Value>(call: Promise<Value>): Promise<Value | undefined> {
  try {
    return await call
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

export function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errnoOf(error))
}

export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

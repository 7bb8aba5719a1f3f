import { RegistryError } from '@registry/core'

/** What is smaller costs no more than its connection does, and is never refused: nobody can keep others from small manifests. */
export const smallBytes: number = 64 * 1024

/** Bytes that may be in memory at the same time: of manifests that are received, and of answers that wait for slow readers. */
export interface ByteBudget {
  /** @throws `TOO_MANY` where so many bytes are not left */
  take(bytes: number): void
  give(bytes: number): void
}

export function byteBudget(most: number): ByteBudget {
  let left = most
  return {
    take(bytes: number): void {
      if (bytes > left) throw new RegistryError('TOO_MANY', 'the registry has its hands full; try again')
      left -= bytes
    },
    give(bytes: number): void {
      left += bytes
    },
  }
}

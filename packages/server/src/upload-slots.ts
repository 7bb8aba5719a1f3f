import { RegistryError } from '@registry/core'

/** Room for bodies that are being received: what bounds the memory that they take. */
export interface UploadSlots {
  /**
   * Does the work in a slot of its own.
   *
   * @throws `TOO_MANY` where none is free
   */
  use<Result>(work: () => Promise<Result>): Promise<Result>
}

export function uploadSlots(most: number): UploadSlots {
  let taken = 0
  return {
    async use<Result>(work: () => Promise<Result>): Promise<Result> {
      if (taken >= most) throw new RegistryError('TOO_MANY', `there are ${most} uploads at once already; try again`)
      taken++
      try {
        return await work()
      } finally {
        taken--
      }
    },
  }
}

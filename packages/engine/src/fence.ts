import { type CallOptions, type Driver, RegistryError } from '@registry/core'
import { ownerObjectKey } from './keyspace.js'
import { otherOwner, readOwner } from './owner-record.js'
import type { Policy } from './policy.js'

/** What keeps a process from writing to a storage that another index may have taken over. */
export interface Fence {
  /**
   * @param outcome - `unknown` where the write was made, too late for anybody to rely on it
   * @throws `UNAVAILABLE` where the last look that found the storage ours is too long ago, or one found it another's
   */
  assertOurs(outcome?: 'unknown'): void
  /**
   * Looks whether the storage is ours.
   *
   * @throws `CONFIG` where it is not; whatever keeps the storage from answering
   */
  compare(): Promise<void>
  /** Looks no more. */
  close(): Promise<void>
}

export interface FenceOptions {
  readonly driver: Driver
  /** Id of the index. */
  readonly id: string
  readonly policy: Policy
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
  /** Is told once when looks begin to fail, and when the storage belongs to another. */
  readonly onError: (error: unknown) => void
}

/**
 * Looks again and again which index owns the storage, from the first `compare` on.
 *
 * A look counts from its beginning: what it read may have changed while it was under way. Whoever takes the storage
 * over waits for the trust time after putting another id, and nobody writes then who has not seen that id.
 */
export function startFence({ driver, id, policy, monotonic, onError }: FenceOptions): Fence {
  const { ownershipCheckMilliseconds: interval, ownershipTrustMilliseconds: trust } = policy
  let lastGood = -Infinity
  let taken: RegistryError | undefined
  let failing = false
  let timer: NodeJS.Timeout | undefined
  let look: Promise<void> = Promise.resolve()
  const closing = new AbortController()

  const compare = async (options?: CallOptions): Promise<void> => {
    if (taken) throw taken
    const began = monotonic()
    const found = await readOwner(driver, options)
    if (found === undefined) throw new RegistryError('CONFIG', `the storage has no ${ownerObjectKey} any more: is it still there?`)
    if (found.index !== id) {
      taken ??= otherOwner(found.index, id)
      throw taken
    }
    lastGood = Math.max(lastGood, began)
    failing = false
  }

  const lookAgain = async (): Promise<void> => {
    const late = new AbortController()
    const stop = (): void => {
      late.abort(new RegistryError('UNAVAILABLE', `storage did not answer for ${trust / 1000} seconds`))
    }
    const deadline = setTimeout(stop, trust).unref()
    closing.signal.addEventListener('abort', stop, { once: true })
    try {
      await compare({ signal: late.signal })
    } catch (error) {
      if (closing.signal.aborted || failing) return
      failing = true
      onError(taken ?? unsure(trust, error))
    } finally {
      clearTimeout(deadline)
      closing.signal.removeEventListener('abort', stop)
    }
  }

  const schedule = (): void => {
    // Once it is another's it stays so: what this process knows is of no use any more.
    if (taken || closing.signal.aborted) return
    timer = setTimeout(() => {
      look = lookAgain().then(schedule)
    }, interval).unref()
  }

  return {
    assertOurs(outcome?: 'unknown'): void {
      if (taken) throw new RegistryError('UNAVAILABLE', 'another index has taken over the storage: nothing is written any more', { retryable: false, outcome, cause: taken })
      if (monotonic() - lastGood <= trust) return
      const message = `for more than ${trust / 1000} seconds it could not be seen that the storage still belongs to this index: nothing is written until it can`
      throw new RegistryError('UNAVAILABLE', message, { outcome })
    },
    async compare(): Promise<void> {
      await compare()
      if (timer === undefined) schedule()
    },
    async close(): Promise<void> {
      closing.abort()
      clearTimeout(timer)
      await look
    },
  }
}

function unsure(trust: number, cause: unknown): RegistryError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const message = `it cannot be seen whether the storage still belongs to this index (${reason}): ${trust / 1000} seconds after the last good look nothing is written`
  return new RegistryError('UNAVAILABLE', message, { cause })
}

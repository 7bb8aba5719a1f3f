import { UnexpectedAnswer } from '../../durability/support/book.js'
import type { Send } from '../../durability/support/send.js'
import type { Workload } from '../../durability/support/workload.js'
import { ReplicaGone } from './hop.js'

/**
 * One turn of a client that gives it up where a replica ends in the middle, or, where that may be, says that it cannot: of its
 * last request nobody knows then whether it was done.
 *
 * @returns whether the turn was taken to its end
 */
export async function takeTurn(workload: Workload, send: Send, { unavailable }: { readonly unavailable: boolean }): Promise<boolean> {
  try {
    await workload.turn(send)
    return true
  } catch (error) {
    if (error instanceof ReplicaGone) return false
    if (!unavailable || !(error instanceof UnexpectedAnswer) || error.answer.status !== 503) throw error
    return false
  }
}

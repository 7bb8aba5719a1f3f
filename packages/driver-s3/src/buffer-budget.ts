/** Bytes that one put holds while it gathers a part. */
export interface Share {
  /** Resolves when the part may be `bytes` long in memory. */
  grow(bytes: number, signal: AbortSignal): Promise<void>
  /** The part is whole: it needs no more, and goes soon. */
  fill(): void
  release(): void
}

/** The memory of all puts together. */
export interface BufferBudget {
  /** @param most - bytes that the part may come to */
  share(most: number): Share
  /** A buffer for bytes that were granted, which may be one that was given back. */
  takeBuffer(bytes: number): Buffer
  /** Takes back a buffer that nobody reads or writes any more. It is kept for as long as there are puts, and room for it. */
  giveBuffer(buffer: Buffer): void
}

interface Holder {
  held: number
  most: number
}

interface Waiter {
  readonly holder: Holder
  readonly bytes: number
  readonly resume: () => void
}

/**
 * Parts grow as their bytes come, so that many slow bodies take little; and no growth is granted behind which not every part that has
 * begun could still be filled, one after the other, so that puts that wait for each other's memory all come to their end.
 */
export function bufferBudget(total: number): BufferBudget {
  const holders = new Set<Holder>()
  const waiters = new Set<Waiter>()
  const spare: Buffer[] = []
  let free = total

  /** Buffers that nobody uses are for the next parts. Behind the last put the memory is for others, such as reads. */
  const keepSpare = (most: number): void => {
    while (spare.reduce((sum, { byteLength }) => sum + byteLength, 0) > most) spare.pop()
  }

  const isSafe = (holder: Holder, growth: number): boolean => {
    const need = ({ most, held }: Holder): number => most - held
    const grown = { ...holder, held: holder.held + growth }
    const others = [...holders].filter((one) => one !== holder && one.held > 0)
    let left = free - growth
    // One after the other, those first that lack least, each giving back what it holds. Who holds nothing can wait for all of them.
    return left >= 0 && [grown, ...others].sort((a, b) => need(a) - need(b)).every((one) => {
      if (need(one) > left) return false
      left += one.held
      return true
    })
  }

  const grantNext = (): void => {
    for (const waiter of waiters) {
      const growth = waiter.bytes - waiter.holder.held
      if (!isSafe(waiter.holder, growth)) continue
      waiters.delete(waiter)
      free -= growth
      waiter.holder.held = waiter.bytes
      waiter.resume()
    }
  }

  const share = (most: number): Share => {
    const holder = { held: 0, most }
    holders.add(holder)
    return {
      grow(bytes, signal) {
        return new Promise((resolve, reject) => {
          signal.throwIfAborted()
          const waiter: Waiter = {
            holder,
            bytes,
            resume() {
              signal.removeEventListener('abort', onAbort)
              resolve()
            },
          }
          const rejectWith: (reason: unknown) => void = reject
          const onAbort = (): void => {
            waiters.delete(waiter)
            rejectWith(signal.reason)
          }
          signal.addEventListener('abort', onAbort, { once: true })
          waiters.add(waiter)
          grantNext()
        })
      },
      fill() {
        holder.most = holder.held
        grantNext()
      },
      release() {
        if (!holders.delete(holder)) return
        free += holder.held
        if (holders.size === 0) keepSpare(0)
        grantNext()
      },
    }
  }

  return {
    share,
    takeBuffer(bytes) {
      const found = spare.findIndex(({ byteLength }) => byteLength === bytes)
      const taken = found < 0 ? undefined : spare.splice(found, 1)[0]
      // Those that are spare are in memory too, beside what is held.
      keepSpare(free)
      return taken ?? Buffer.allocUnsafeSlow(bytes)
    },
    giveBuffer(buffer) {
      spare.push(buffer)
      keepSpare(holders.size > 0 ? total : 0)
    },
  }
}

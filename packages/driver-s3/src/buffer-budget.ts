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
  /** A buffer of a whole part, which may be one that was given back. */
  takeBuffer(bytes: number): Buffer
  /** Takes back a buffer that nobody reads or writes any more. */
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
 * Parts grow as their bytes come, so that many slow bodies take little; and no growth is granted behind which no part could be filled,
 * so that puts that wait for each other's memory always have one among them that can go on.
 */
export function bufferBudget(total: number): BufferBudget {
  const holders = new Set<Holder>()
  const waiters = new Set<Waiter>()
  const spare: Buffer[] = []
  let free = total

  const isSafe = (holder: Holder, growth: number): boolean => {
    if (growth > free) return false
    for (const one of holders) {
      const held = one === holder ? one.held + growth : one.held
      if (one.most - held <= free - growth) return true
    }
    return false
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
        grantNext()
      },
    }
  }

  return {
    share,
    takeBuffer(bytes) {
      const found = spare.findIndex(({ byteLength }) => byteLength === bytes)
      return found < 0 ? Buffer.allocUnsafeSlow(bytes) : spare.splice(found, 1)[0]!
    },
    giveBuffer(buffer) {
      if ((spare.length + 1) * buffer.byteLength <= total) spare.push(buffer)
    },
  }
}

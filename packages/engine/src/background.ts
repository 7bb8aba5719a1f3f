/** Work that goes on after the answer: it harms nobody when it fails, since a note of it stays in the index. */
export interface Background {
  run(task: () => Promise<void>): void
  /** Resolves when nothing that was begun is under way any more. */
  settled(): Promise<void>
  /** Is aborted at the end. Work that may take long looks at it from time to time, and leaves the rest to its note. */
  readonly ending: AbortSignal
  /** Lets work that takes long stop where it is, and the rest come to its end. */
  end(): Promise<void>
}

/** @param onError - is told what failed */
export function startBackground(onError: (error: unknown) => void): Background {
  const running = new Set<Promise<void>>()
  const controller = new AbortController()
  const { signal: ending } = controller
  const settled = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running)
  }
  return {
    run(task: () => Promise<void>): void {
      const promise: Promise<void> = task()
        .catch((error: unknown) => {
          if (!ending.aborted || error !== ending.reason) onError(error)
        })
        .finally(() => running.delete(promise))
      running.add(promise)
    },
    settled,
    ending,
    end(): Promise<void> {
      controller.abort()
      return settled()
    },
  }
}

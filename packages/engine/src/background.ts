/** Work that goes on after the answer: it harms nobody when it fails, since a note of it stays in the index. */
export interface Background {
  run(task: () => Promise<void>): void
  /** Resolves when nothing that was begun is under way any more. */
  settled(): Promise<void>
}

/** @param onError - is told what failed */
export function startBackground(onError: (error: unknown) => void): Background {
  const running = new Set<Promise<void>>()
  return {
    run(task: () => Promise<void>): void {
      const promise: Promise<void> = task()
        .catch(onError)
        .finally(() => running.delete(promise))
      running.add(promise)
    },
    async settled(): Promise<void> {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

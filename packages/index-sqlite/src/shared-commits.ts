import type { SizedChange } from '@registry/core'
import type { Outcome } from './commit.js'

/** A commit that is to be applied. */
export interface Commit {
  readonly changes: readonly SizedChange[]
  readonly durable: boolean
}

interface Waiting extends Commit {
  readonly resolve: (revisions: readonly (string | undefined)[]) => void
  readonly reject: (error: unknown) => void
}

/** One commit waits for the disk as long as a hundred do; a reader waits for all of them. */
const mostTogether = 100

/**
 * Commits that come in one turn of the event loop share a transaction, and one wait for the disk. Each is still all or
 * nothing, sees those before it, and resolves when it is as durable as it asked to be.
 */
export class SharedCommits {
  private waiting: Waiting[] = []

  /** @param apply - applies commits in one transaction. Throws where none of them was applied, or nobody knows. */
  constructor(
    private readonly apply: (commits: readonly Commit[]) => readonly Outcome[],
    private readonly mayApplyAlone: (error: unknown) => boolean,
  ) {}

  add(commit: Commit): Promise<readonly (string | undefined)[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...commit, resolve, reject })
      if (this.waiting.length === 1) setImmediate(() => { this.flush() })
    })
  }

  /** Applies what waits. */
  flush(): void {
    for (const waiting = this.waiting.splice(0); waiting.length > 0; ) this.settle(waiting.splice(0, mostTogether))
  }

  private settle(commits: readonly Waiting[]): void {
    try {
      for (const [n, outcome] of this.apply(commits).entries()) {
        const { resolve, reject } = commits[n]!
        if ('conflict' in outcome) reject(outcome.conflict)
        else resolve(outcome.revisions)
      }
    } catch (error) {
      // What one of them met is not to fail the others.
      if (commits.length > 1 && this.mayApplyAlone(error)) for (const commit of commits) this.settle([commit])
      else for (const { reject } of commits) reject(error)
    }
  }
}

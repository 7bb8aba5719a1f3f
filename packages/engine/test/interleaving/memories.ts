import { hash as digestOf } from 'node:crypto'

/**
 * What each process was answered. Calls that it made side by side may have been answered in any order: as far as they
 * are of no consequence to each other it is the same process, and if they are, its next calls tell.
 */
export class Memories {
  private readonly counts: Map<string, number>
  private readonly sums: Map<string, Uint32Array>

  /** @param like - begin as these are */
  constructor(like?: Memories) {
    this.counts = new Map(like?.counts)
    this.sums = new Map([...(like?.sums ?? [])].map(([process, sum]) => [process, sum.slice()]))
  }

  add(process: string, label: string, answer: unknown): void {
    const call = `${process}\0${label}`
    const count = this.counts.get(call) ?? 0
    this.counts.set(call, count + 1)
    const sum = this.sums.get(process) ?? new Uint32Array(5)
    const digest = digestOf('sha1', `${label}\0${count}\0${JSON.stringify(answer)}`, 'buffer')
    for (const n of sum.keys()) sum[n]! += digest.readUInt32LE(n * 4)
    this.sums.set(process, sum)
  }

  fingerprint(): string {
    return [...this.sums].map(([process, sum]) => `${process} ${sum.join()}`).sort().join('\n')
  }
}

/** A short text that two lists of texts share only where they are equal. */
export function hash(...parts: readonly string[]): string {
  return digestOf('sha1', parts.join('\0'), 'base64')
}

import type { FileHandle } from 'node:fs/promises'

/** Bytes. A disk is slow where it is asked for less at a time. */
const stretch = 8 * 2 ** 20
/** Whether one is under way in this process: each takes one of few threads, which writes need as well. */
let isBusy = false

/** Brings to the disk what was written so far while more is written, so that the fsync at the end has little left to do. */
export interface EarlyWriteBack {
  /** To be called behind each write, with its bytes. */
  wrote(bytes: number): void
  /** Resolves when nothing is under way. A failure has to be heard here: the fsync that follows would not be told of it again. */
  end(): Promise<void>
}

export function earlyWriteBack(handle: FileHandle): EarlyWriteBack {
  let pending = 0
  let last = Promise.resolve()
  return {
    wrote(bytes) {
      pending += bytes
      if (pending < stretch || isBusy) return
      pending = 0
      isBusy = true
      last = last
        .then(() => handle.datasync())
        .finally(() => {
          isBusy = false
        })
      // Whoever writes hears it at the end.
      last.catch(() => undefined)
    },
    end: () => last,
  }
}

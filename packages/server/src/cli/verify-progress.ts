import type { VerifyPhase, VerifyProgress } from '@registry/engine'

const phases: Readonly<Record<VerifyPhase, string>> = {
  commits: 'comparing what storage has recorded with the index',
  blobs: 'looking at blobs',
  repositories: 'looking at repositories',
  objects: 'looking for objects that nothing names',
  complete: 'complete',
}

const millisecondsBetweenLines = 100

/** A line that shows how a verification stands. */
export interface ProgressLine {
  readonly show: (progress: VerifyProgress) => void
  /** Makes room for something else. */
  readonly clear: () => void
}

/** Shows on a terminal how a verification goes on. Elsewhere there is nothing to see: what it finds is what counts. */
export function verifyProgress(terminal: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): ProgressLine {
  if (!terminal.isTTY) return { show: () => {}, clear: () => {} }
  let last = -Infinity
  return {
    show: (progress) => {
      if (performance.now() - last < millisecondsBetweenLines) return
      last = performance.now()
      terminal.write(`\r\x1b[K${progressLine(progress)}`)
    },
    clear: () => void terminal.write('\r\x1b[K'),
  }
}

/** Such as `50 %: looking at blobs; 20 blobs, 12 manifests, 30 tags`. */
export function progressLine({ phase, done, total, counts }: VerifyProgress): string {
  const part = total > 0 ? `${Math.floor((done / total) * 100)} %: ` : ''
  const read = counts.bytes > 0 ? ` of which ${counts.bytes} bytes were read` : ''
  return `${part}${phases[phase]}; ${counts.blobs} blobs${read}, ${counts.manifests} manifests, ${counts.tags} tags`
}

import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileCalls } from './follow-calls.js'
import { type Moment, parseRecord, recordedBy } from './system-calls.js'

/** Records the system calls of one process. */
export interface Recorder {
  /** What to put before the command of the process. */
  readonly command: readonly string[]
  /** The whole record, once the process is gone. */
  readonly moments: Promise<readonly Moment[]>
}

/** @param pipe - path for a named pipe: it ends when strace has written everything, which may be after the process is gone */
export function startRecorder(pipe: string): Recorder {
  execFileSync('mkfifo', [pipe])
  return { command: recordedBy(pipe, fileCalls), moments: readFile(pipe, 'latin1').then(parseRecord) }
}

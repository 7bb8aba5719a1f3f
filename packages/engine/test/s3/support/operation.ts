import type { Digest, ErrorCode } from '@registry/core'
import type { S3Operation } from './fault-kinds.js'
import type { Stage } from './stage.js'

/** Something that the engine does, and the requests that it makes of storage. */
export interface Operation {
  readonly name: string
  /** Requests before the answer. Those that go together may come in any order. */
  readonly before: readonly S3Operation[]
  /** Requests behind the answer. */
  readonly behind?: readonly S3Operation[]
  /** Blobs that somebody looks for before and after. */
  readonly blobs?: readonly Digest[]
  /** It is the start of a process: none is under test before. */
  readonly isStart?: boolean
  /** What is there already is put when the process has started, which would see to it at its start. */
  readonly isLate?: boolean
  /** There is nothing yet to be seen, nor anybody who could look. */
  readonly isFirst?: boolean
  /** Nobody waits for it: what of it fails is done by the next round, and it need not say so. */
  readonly isSweep?: boolean
  /** It is done in steps, each of which is seen at once. */
  readonly isStepwise?: boolean
  /** What is there already, put past all requests. */
  given?(stage: Stage): Promise<unknown>
  run(stage: Stage): Promise<unknown>
  /** The error with which it ends where nothing fails. */
  readonly refuses?: ErrorCode
  /** Who does it again, behind a refusal that left the outcome unknown, may be told this. */
  readonly doneAlready?: readonly ErrorCode[]
}

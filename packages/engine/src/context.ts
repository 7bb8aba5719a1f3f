import type { Driver, Index } from '@registry/core'
import type { Background } from './background.js'
import type { EngineHooks } from './hooks/engine-hooks.js'
import type { ManifestTexts } from './manifest-text.js'
import type { Policy } from './policy.js'

/** What a process finds out once. */
export interface Findings {
  /** Absent: nobody looked yet. */
  isIndexWhole?: Promise<boolean> | undefined
}

/** What every room of the engine works with. */
export interface Context {
  readonly driver: Driver
  readonly index: Index
  readonly policy: Policy
  readonly background: Background
  readonly hooks: EngineHooks
  readonly texts: ManifestTexts
  readonly findings: Findings
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
  /**
   * Makes sure that the index is still the one with which the registry was opened.
   *
   * @throws `UNAVAILABLE` where it is not
   */
  readonly confirmIndex: () => Promise<void>
  /** 128 random bits as 32 hexadecimal digits. */
  readonly randomId: () => string
  /** Waits between two attempts, for up to so many milliseconds. Default: a random part of them. */
  readonly pause?: (milliseconds: number) => Promise<void>
}

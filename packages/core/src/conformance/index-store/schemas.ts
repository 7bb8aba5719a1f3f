import type { PutChange } from '../../index-store.js'

/**
 * Puts data into a namespace behind the back of its index, in the form of other releases. A harness gives it for an
 * index that keeps its data in a form that a later release may change. A first release has nothing older.
 */
export interface Schemas {
  /** Stores these entries as the oldest release that can still be migrated did. */
  older?(facts: readonly PutChange[]): Promise<void>
  /** Stores something as a later release may, of which this one knows nothing. */
  newer(): Promise<void>
  /** Puts the copy that was made before a migration in the place of the data. Absent where `older` is. */
  restore?(): Promise<void>
  /** All that is stored, as a text that stays the same while nothing is changed. */
  fingerprint(): Promise<string>
}

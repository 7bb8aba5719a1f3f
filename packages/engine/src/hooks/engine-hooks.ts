import type { CallOptions } from '@registry/core'
import type { EventName, RegistryEvent, RegistryEvents } from './events.js'
import type { PushName, RegistryPushes } from './pushes.js'

/** The hooks, as the rooms of the engine see them. */
export interface EngineHooks {
  /** Tells whoever listens, later. To be called once it has happened and its records are written. */
  tell<Name extends EventName>(name: Name, event: RegistryEvents[Name]): void
  /** Tells several, in their order. */
  tellAll(events: readonly RegistryEvent[]): void
  /**
   * Asks every check, one after the other.
   *
   * @throws `DENIED` where one refuses, `UNAVAILABLE` where one takes too long
   */
  check<Name extends PushName>(name: Name, push: RegistryPushes[Name], options?: CallOptions): Promise<void>
  /** Whether there is a check to ask. */
  isChecked(name: PushName): boolean
}

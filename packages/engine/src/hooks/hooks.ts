import type { OptionsSchema } from '@registry/core'
import type { EventName, Listener } from './events.js'
import type { Check, PushName } from './pushes.js'

/** Where those who run a registry come in: they are told of what happened, and may refuse what is pushed. */
export interface Hooks {
  /**
   * Tells `listener` of each of these events from now on. An event is told by the process that did it, behind its answer; it may come
   * twice where the answer of a commit was lost, and not at all where the process dies. What a listener throws goes to `onBackgroundError`.
   *
   * @returns takes the listener away
   */
  on<Name extends EventName>(name: Name, listener: Listener<Name>): () => void

  /**
   * Asks `check` before each such push, behind the checks that are there already, and before anything is stored. What it throws
   * refuses the push with `DENIED` and its message, on one line of at most 1000 bytes; a `RegistryError` of the code `DENIED`, or of
   * one that says that the registry failed, such as `UNAVAILABLE`, is thrown as it is. A check that takes longer than
   * `policy.checkMilliseconds` refuses with `UNAVAILABLE`.
   *
   * @returns takes the check away
   */
  before<Name extends PushName>(name: Name, check: Check<Name>): () => void
}

/** The export `hooks` of a package that a configuration can name. */
export interface HooksModule<Options> {
  /** The version of the contract that the package keeps. The server refuses another one with `CONFIG`. */
  readonly contract: 1
  /** Short name, such as `audit`, which is that of its section in a configuration too: `a-z 0-9 - _`, the first one no `-` or `_`. */
  readonly name: string
  /** What `register` takes, by the names that it has there. The server checks a configuration against it first. */
  readonly options: OptionsSchema
  /** Registers listeners and checks, once, before the registry is served. */
  register(hooks: Hooks, options: Options): void | Promise<void>
}

import type { Policy } from '../policy.js'
import type { EngineHooks } from './engine-hooks.js'
import type { Hooks } from './hooks.js'
import { startChecks } from './start-checks.js'
import { type Listeners, startListeners } from './start-listeners.js'

export type StartedHooks = Hooks & EngineHooks & Pick<Listeners, 'told'>

export interface StartHooksOptions {
  readonly policy: Pick<Policy, 'checkMilliseconds'>
  /** Is told what listeners throw. */
  readonly onError: (error: unknown) => void
}

export function startHooks({ policy, onError }: StartHooksOptions): StartedHooks {
  return { ...startListeners(onError), ...startChecks(policy) }
}

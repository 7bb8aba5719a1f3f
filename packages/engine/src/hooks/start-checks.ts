import type { CallOptions } from '@registry/core'
import type { Policy } from '../policy.js'
import { askCheck } from './ask-check.js'
import type { EngineHooks } from './engine-hooks.js'
import type { Hooks } from './hooks.js'
import type { Check, PushName, RegistryPushes } from './pushes.js'

/** One registration. A check that is registered twice is asked twice. */
interface Registration<Name extends PushName> {
  readonly check: Check<Name>
}

type Registrations = { readonly [Name in PushName]: Set<Registration<Name>> }

export type Checks = Pick<Hooks, 'before'> & Pick<EngineHooks, 'check' | 'isChecked'>

export function startChecks({ checkMilliseconds: milliseconds }: Pick<Policy, 'checkMilliseconds'>): Checks {
  const registrations: Registrations = { 'manifest.push': new Set(), 'tag.push': new Set() }

  return {
    before<Name extends PushName>(name: Name, check: Check<Name>): () => void {
      if (!Object.hasOwn(registrations, name)) throw new TypeError(`nothing is checked before ${name}; there are ${Object.keys(registrations).join(', ')}`)
      if (typeof check !== 'function') throw new TypeError(`the check before ${name} is no function`)
      const known: Set<Registration<Name>> = registrations[name]
      const registration = { check }
      known.add(registration)
      return () => {
        known.delete(registration)
      }
    },

    async check<Name extends PushName>(name: Name, push: RegistryPushes[Name], { signal }: CallOptions = {}): Promise<void> {
      const known: Set<Registration<Name>> = registrations[name]
      for (const { check } of [...known]) await askCheck(check, push, { milliseconds, signal })
    },

    isChecked: (name: PushName) => registrations[name].size > 0,
  }
}

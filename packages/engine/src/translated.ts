import { type Driver, type Index, RegistryError } from '@registry/core'

/** The driver, with `INTERNAL` in place of errors that are not part of the contract. */
export function translatedDriver(driver: Driver): Driver {
  return translated(driver, ['head', 'open', 'put', 'delete', 'presign'])
}

/** The index, with `INTERNAL` in place of errors that are not part of the contract. */
export function translatedIndex(index: Index): Index {
  return translated(index, ['get', 'scan', 'commit', 'search'])
}

type Method = (...args: readonly unknown[]) => Promise<unknown>

function translated<Store extends { readonly name: string }>(store: Store, operations: readonly (keyof Store & string)[]): Store {
  const methods = operations
    .filter((operation) => store[operation] !== undefined)
    .map((operation) => [operation, translatedMethod(store.name, operation, (store[operation] as Method).bind(store))] as const)
  return Object.assign(Object.create(store) as Store, Object.fromEntries(methods))
}

function translatedMethod(driver: string, operation: string, method: Method): Method {
  return async (...args) => {
    try {
      return await method(...args)
    } catch (error) {
      const signal = (args.at(-1) as { readonly signal?: AbortSignal } | undefined)?.signal
      if (RegistryError.is(error) || error instanceof TypeError || (signal?.aborted === true && error === signal.reason)) throw error
      throw new RegistryError('INTERNAL', `${driver}: ${operation} failed in a way that it does not know: ${String(error)}`, { driver, operation, cause: error })
    }
  }
}

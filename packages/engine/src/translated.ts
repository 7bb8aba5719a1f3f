import { type CallOptions, type Driver, type Index, type OpenObject, RegistryError } from '@registry/core'

/** The driver, with `INTERNAL` in place of errors that are not part of the contract. */
export function translatedDriver(driver: Driver): Driver {
  const { name } = driver
  const presign = driver.presign?.bind(driver)
  return {
    contract: driver.contract,
    name,
    capabilities: driver.capabilities,
    head: (key, options) => translated(name, 'head', options, () => driver.head(key, options)),
    open: async (key, options): Promise<OpenObject> => {
      const object = await translated(name, 'open', options, () => driver.open(key, options))
      return {
        info: object.info,
        body: translatedItems(name, 'open', options, object.body),
        [Symbol.asyncDispose]: () => object[Symbol.asyncDispose](),
      }
    },
    put: (key, body, options) => translated(name, 'put', options, () => driver.put(key, body, options)),
    delete: (keys, options) => translated(name, 'delete', options, () => driver.delete(keys, options)),
    list: (options) => translatedItems(name, 'list', options, driver.list(options)),
    ...(presign && { presign: (key, options) => translated(name, 'presign', options, () => presign(key, options)) }),
    close: () => driver.close(),
  }
}

/** The index, with `INTERNAL` in place of errors that are not part of the contract. */
export function translatedIndex(index: Index): Index {
  const { name } = index
  return {
    contract: index.contract,
    name,
    capabilities: index.capabilities,
    get: (keys, options) => translated(name, 'get', options, () => index.get(keys, options)),
    scan: (partition, options) => translated(name, 'scan', options, () => index.scan(partition, options)),
    commit: (changes, options) => translated(name, 'commit', options, () => index.commit(changes, options)),
    search: (query, options) => translated(name, 'search', options, () => index.search(query, options)),
    close: () => index.close(),
  }
}

async function translated<Result>(driver: string, operation: string, options: CallOptions | undefined, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (error) {
    throw translation(driver, operation, options, error)
  }
}

async function* translatedItems<Item>(
  driver: string,
  operation: string,
  options: CallOptions | undefined,
  items: AsyncIterable<Item>,
): AsyncGenerator<Item, void> {
  try {
    yield* items
  } catch (error) {
    throw translation(driver, operation, options, error)
  }
}

function translation(driver: string, operation: string, options: CallOptions | undefined, error: unknown): unknown {
  const aborted = options?.signal?.aborted === true && error === options.signal.reason
  if (RegistryError.is(error) || error instanceof TypeError || aborted) return error
  const message = `${driver}: ${operation} failed in a way that it does not know: ${String(error)}`
  return new RegistryError('INTERNAL', message, { driver, operation, cause: error })
}

import { type ErrorCode, RegistryError } from '@registry/core'

/** What says that something does not exist. */
const absences: readonly ErrorCode[] = ['NAME_UNKNOWN', 'MANIFEST_UNKNOWN', 'MANIFEST_BLOB_UNKNOWN', 'BLOB_UNKNOWN', 'BLOB_UPLOAD_UNKNOWN']

/** What answers with all that there is. */
const lists: ReadonlySet<string> = new Set(['list', 'search'])

/**
 * Operations that say of nothing that it does not exist, and give no list, without having made sure behind their reads that it was the right
 * index that they read. Whatever is found needs no such look: no other index has it.
 */
export function confirmed<Operations extends object>(operations: Operations, confirm: () => Promise<void>): Operations {
  const wrap = (name: string, method: unknown): unknown => (typeof method === 'function' ? confirming(name, method as Method, confirm) : method)
  return Object.fromEntries(Object.entries(operations).map(([name, method]) => [name, wrap(name, method)])) as Operations
}

type Method = (...args: readonly unknown[]) => Promise<unknown>

function confirming(name: string, method: Method, confirm: () => Promise<void>): Method {
  return async (...args) => {
    try {
      const answer = await method(...args)
      if (lists.has(name)) await confirm()
      return answer
    } catch (error) {
      if (RegistryError.is(error, ...absences)) await confirm()
      throw error
    }
  }
}

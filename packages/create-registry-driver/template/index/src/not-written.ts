import { RegistryError } from '@registry/core'

/** Says what to write next. Nothing calls it when the index is done: delete this file then. */
export function notWritten(method: string, todo: string): never {
  throw new RegistryError('UNSUPPORTED', `${method} is not written yet; in src/{{name}}-index.ts ${todo}`, { driver: '{{name}}', operation: method })
}

import { RegistryError } from '@registry/core'

/** Says what to write next. Nothing calls it when the driver is done: delete this file then. */
export function notWritten(method: string, todo: string): never {
  throw new RegistryError('UNSUPPORTED', `${method} is not written yet; in src/{{name}}-driver.ts ${todo}`, { driver: '{{name}}', operation: method })
}

import type { Settings } from '@registry/core/config'
import { layered, renamed } from './layers.js'

const names = [
  ['smtp_host', 'email_exceptions.smtp_host'],
  ['from_addr', 'email_exceptions.from_addr'],
  ['to_addr', 'email_exceptions.to_addr'],
] as const

/** Settings with those that had another name in the oldest configurations under today's. */
export function olderForms(settings: Settings): Settings {
  const older = new Set<string>(names.map(([name]) => name))
  return layered(renamed(settings, names), new Map([...settings].filter(([path]) => !older.has(path))))
}

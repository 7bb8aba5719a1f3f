import type { Configuration } from '../config/configuration.js'

/**
 * Ends a process whose work is done, where a module of hooks still keeps it: what listeners have under way may end, and a timer or
 * a connection of theirs, which nobody can close for them, would keep the process for ever.
 *
 * @param seconds - for what they have under way
 */
export function endHooks({ hooks }: Pick<Configuration, 'hooks'>, seconds: number): void {
  if (hooks.length > 0) setTimeout(() => process.exit(), seconds * 1000).unref()
}

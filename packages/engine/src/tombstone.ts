import type { Context } from './context.js'
import type { Row } from './row-store.js'
import type { Tombstone } from './rows.js'

/** What a row becomes when it is deleted: its version goes on, and whoever puts the row again goes on from there. */
export function tombstoneOf({ now }: Context, { value }: Row<{ readonly version: number }>, due: string): Tombstone {
  return { version: value.version + 1, deleted: now(), due }
}

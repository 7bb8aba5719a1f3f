import type { PlaceOfCase } from './place-of-case.js'
import { withAdministrator } from './postgres-harness.js'

interface Wanted {
  readonly count?: number
  /** The id of a process that does not count. */
  readonly other?: number | undefined
}

/** Waits until as many statements wait for a lock in the schema of a case, and gives the ids of their processes. */
export async function waitingBackends({ url, schema }: PlaceOfCase, { count = 1, other = 0 }: Wanted = {}): Promise<readonly number[]> {
  return withAdministrator(url, async (client) => {
    for (;;) {
      const { rows } = await client.query<{ readonly pid: number }>(
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%' || $1 || '%' AND pid <> $2", [schema, other])
      if (rows.length >= count) return rows.map(({ pid }) => pid)
    }
  })
}

import { findTable } from './find-table.js'
import { openTable } from './open-table.js'
import { protectTable } from './protect-table.js'
import { assertSchemaVersion } from './schema-version.js'
import type { Service } from './service.js'
import { explainingStart } from './start-errors.js'
import { entryTableShape, versionTableShape } from './table-shape.js'

/**
 * Looks the tables up, creates what is missing, and checks the version of the schema.
 *
 * @throws `CONFIG`, `UNSUPPORTED`, `ACCESS_DENIED` or `UNAVAILABLE`, with one line that says what to do
 */
export async function openTables(service: Service): Promise<void> {
  const { entryTable, versionTable } = service.settings
  await explainingStart(service, async () => {
    // All that is there has to be right before anything is made or changed.
    const entries = await findTable(service, entryTable, entryTableShape)
    const version = await findTable(service, versionTable, versionTableShape)
    await openTable(service, versionTable, versionTableShape, version)
    await assertSchemaVersion(service)
    await openTable(service, entryTable, entryTableShape, entries)
    for (const table of [entryTable, versionTable]) await protectTable(service, table)
  })
}

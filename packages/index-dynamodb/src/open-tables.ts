import { assertSchemaVersion } from './schema-version.js'
import type { Service } from './service.js'
import { explainingStart } from './start-errors.js'
import { openTable } from './open-table.js'
import { entryTableShape, versionTableShape } from './table-shape.js'

/**
 * Looks the tables up, creates what is missing, and checks the version of the schema.
 *
 * @throws `CONFIG`, `UNSUPPORTED`, `ACCESS_DENIED` or `UNAVAILABLE`, with one line that says what to do
 */
export async function openTables(service: Service): Promise<void> {
  const { entryTable, versionTable } = service.settings
  await explainingStart(service, async () => {
    // One after the other: what is wrong with the first is not to leave the second behind.
    await openTable(service, entryTable, entryTableShape)
    await openTable(service, versionTable, versionTableShape)
    await assertSchemaVersion(service)
  })
}

import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { startDynamodb } from '@registry/services/dynamodb'
import type { DynamodbTables } from '@registry/services/dynamodb-tables'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Forge, forgedAnswer, forgedError } from './forged-dynamodb.js'
import { described, startForgedOn, startOn } from './start-on.js'
import { ownTables, rejection } from './through-proxy.js'

describeWithDynamodb('a start protects tables', () => {
  async function protections(tables: DynamodbTables): Promise<readonly (boolean | undefined)[]> {
    return Promise.all(['repository', 'version'].map(async (name) => (await described(`${tables.database}-${name}`)).DeletionProtectionEnabled))
  }

  /** Deletes them at the end all the same. */
  async function protectableTables(): Promise<DynamodbTables> {
    const tables = await ownTables()
    const dynamodb = await startDynamodb()
    onTestFinished(() => dynamodb.dropTables(tables.database))
    return tables
  }

  it('from deletion: new ones, and those that were there', async () => {
    const tables = await protectableTables()
    const created = await startForgedOn(tables, () => undefined, { deletionProtection: true })
    expect(await protections(tables)).toEqual([true, true])
    expect(created.operations).not.toContain('UpdateTable')
    const older = await protectableTables()
    await startOn(older)
    await startOn(older, { deletionProtection: true })
    expect(await protections(older)).toEqual([true, true])
  })

  it('from deletion until somebody else takes it away: no option, and false, leave it as it is', async () => {
    const tables = await protectableTables()
    await startOn(tables, { deletionProtection: true })
    for (const deletionProtection of [undefined, false]) await startOn(tables, { deletionProtection })
    expect(await protections(tables)).toEqual([true, true])
  })

  it('from deletion also where another process is at it', async () => {
    const tables = await protectableTables()
    await startOn(tables)
    let busy = 2
    const forge: Forge = (operation) => (operation === 'UpdateTable' && busy-- > 0 ? forgedError('ResourceInUseException') : undefined)
    await startForgedOn(tables, forge, { deletionProtection: true, retryTimeout: 0 })
    expect(await protections(tables)).toEqual([true, true])
  })

  describe('with backups of every second', () => {
    /** DynamoDB Local has none. */
    function backups(enabled: Set<string>, busy: number = 0): Forge {
      let left = busy
      return (operation, { TableName, PointInTimeRecoverySpecification: wanted }) => {
        if (operation === 'DescribeContinuousBackups') {
          const PointInTimeRecoveryStatus = enabled.has(String(TableName)) ? 'ENABLED' : 'DISABLED'
          return forgedAnswer({ ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus } } })
        }
        if (operation !== 'UpdateContinuousBackups') return undefined
        if (left-- > 0) return forgedError('ContinuousBackupsUnavailableException', 'Backups are being enabled for the table')
        expect(wanted).toEqual({ PointInTimeRecoveryEnabled: true })
        enabled.add(String(TableName))
        return forgedAnswer({})
      }
    }

    it('where they are not on, also where DynamoDB is still at work on them', async () => {
      const tables = await ownTables()
      const enabled = new Set<string>()
      const forged = await startForgedOn(tables, backups(enabled, 2), { pointInTimeRecovery: true, retryTimeout: 0 })
      expect([...enabled].sort()).toEqual([`${tables.database}-repository`, `${tables.database}-version`])
      expect(forged.operations.filter((operation) => operation === 'UpdateContinuousBackups')).toHaveLength(4)
      const again = await startForgedOn(tables, backups(enabled), { pointInTimeRecovery: true })
      expect(again.operations).not.toContain('UpdateContinuousBackups')
    })

    it('only where that is asked for', async () => {
      const tables = await ownTables()
      const forged = await startForgedOn(tables, backups(new Set()), { pointInTimeRecovery: false })
      expect(forged.operations.filter((operation) => operation.includes('Backups'))).toEqual([])
    })

    it('not where DynamoDB knows of none, which is said', async () => {
      const tables = await ownTables()
      const error = await rejection(startOn(tables, { pointInTimeRecovery: true }))
      const message = `pointInTimeRecovery: DynamoDB at ${tables.endpoint} does not know UpdateContinuousBackups`
      expect([error.code, error.message]).toEqual(['UNSUPPORTED', message])
    })
  })
})

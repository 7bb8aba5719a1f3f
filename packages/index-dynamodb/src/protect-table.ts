import { DescribeContinuousBackupsCommand, DescribeTableCommand, UpdateContinuousBackupsCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb'
import type { Service } from './service.js'

/**
 * Turns on what the options ask for and a table does not have. What they do not ask for stays as it is. Each attempt looks first:
 * where several processes start together, the others find what one has turned on.
 */
export async function protectTable({ client, settings, ask }: Service, TableName: string): Promise<void> {
  const { deletionProtection, pointInTimeRecovery, timeout } = settings.tables
  const { signal } = new AbortController()
  if (deletionProtection) {
    await ask({
      operation: 'UpdateTable',
      signal,
      timeout,
      attempt: async (abortSignal) => {
        const { Table: table } = await client.send(new DescribeTableCommand({ TableName }), { abortSignal })
        if (table?.DeletionProtectionEnabled === true) return
        await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }), { abortSignal })
      },
    })
  }
  if (pointInTimeRecovery) {
    await ask({
      operation: 'UpdateContinuousBackups',
      signal,
      timeout,
      attempt: async (abortSignal) => {
        const { ContinuousBackupsDescription: backups } = await client.send(new DescribeContinuousBackupsCommand({ TableName }), { abortSignal })
        if (backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED') return
        const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true }
        await client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }), { abortSignal })
      },
    })
  }
}

import { DescribeContinuousBackupsCommand, type TableDescription, UpdateContinuousBackupsCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb'
import type { Service } from './service.js'

/** Turns on what the options ask for and a table does not have. What they do not ask for stays as it is. */
export async function protectTable({ client, settings, ask }: Service, TableName: string, table: TableDescription): Promise<void> {
  const { signal } = new AbortController()
  if (settings.tables.deletionProtection && table.DeletionProtectionEnabled !== true) {
    const request = new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true })
    await ask({ operation: 'UpdateTable', signal, attempt: (abortSignal) => client.send(request, { abortSignal }) })
  }
  if (settings.tables.pointInTimeRecovery) {
    const { ContinuousBackupsDescription: backups } = await ask({
      operation: 'DescribeContinuousBackups',
      signal,
      attempt: (abortSignal) => client.send(new DescribeContinuousBackupsCommand({ TableName }), { abortSignal }),
    })
    if (backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED') return
    const request = new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })
    await ask({ operation: 'UpdateContinuousBackups', signal, attempt: (abortSignal) => client.send(request, { abortSignal }) })
  }
}

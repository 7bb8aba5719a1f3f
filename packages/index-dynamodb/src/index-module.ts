import type { IndexModule } from '@registry/core'
import { dynamodbIndex } from './dynamodb-index.js'
import type { DynamodbIndexOptions } from './dynamodb-index-options.js'
import { longestRetryTimeout, longestTimeout } from './settings.js'

/** How the server finds this index: `index: dynamodb`. */
export const index: IndexModule<DynamodbIndexOptions> = {
  contract: 1,
  name: 'dynamodb',
  options: {
    database: { type: 'string', default: 'docker-registry', description: 'Beginning of the names of both tables.' },
    repositoryTable: { type: 'string', description: 'Table of the entries. Else -repository behind database.' },
    versionTable: { type: 'string', description: 'Table of the schema’s version. Else -version behind database.' },
    region: { type: 'string', description: 'Region of the tables. Else what AWS’s environment and shared files say; then us-east-1.' },
    endpoint: { type: 'string', description: 'URL of a DynamoDB that is not that of the region.' },
    accessKey: { type: 'string', description: 'Access key. Else what AWS’s own chain finds: environment, shared files, roles.' },
    secretAccessKey: { type: 'string', secret: true, description: 'Secret key of the access key.' },
    sessionToken: { type: 'string', secret: true, description: 'Session token of temporary credentials.' },
    billing: { type: 'string', choices: ['on-demand', 'provisioned'], default: 'on-demand', description: 'How capacity of created tables is paid for.' },
    readCapacity: { type: 'integer', minimum: 1, description: 'Read units per second of the table of entries, with billing provisioned.' },
    writeCapacity: { type: 'integer', minimum: 1, description: 'Write units per second of the table of entries, with billing provisioned.' },
    pointInTimeRecovery: { type: 'boolean', description: 'Whether a start turns on backups of every second. Else the tables stay as they are.' },
    deletionProtection: { type: 'boolean', description: 'Whether a start protects the tables from deletion. Else they stay as they are.' },
    connectTimeout: { type: 'integer', minimum: 1, maximum: longestTimeout, default: 2000, description: 'Longest wait for a connection, in milliseconds.' },
    requestTimeout: { type: 'integer', minimum: 1, maximum: longestTimeout, default: 5000, description: 'Longest wait for an answer, in milliseconds.' },
    retryTimeout: {
      type: 'integer',
      minimum: 0,
      maximum: longestRetryTimeout,
      default: 15_000,
      description: 'For how long a call that failed in passing is sent again, in milliseconds.',
    },
    tableTimeout: {
      type: 'integer',
      minimum: 1,
      maximum: 24 * longestTimeout,
      default: 300_000,
      description: 'Longest wait for a table that is being created, changed or deleted, in milliseconds.',
    },
  },
  open: dynamodbIndex,
}

/** Options of {@link dynamodbIndex}. Times are in milliseconds. */
export interface DynamodbIndexOptions {
  /** Beginning of the names of both tables. Default `docker-registry`. */
  readonly database?: string | undefined
  /** Table that holds the entries. Default: `-repository` behind `database`. */
  readonly repositoryTable?: string | undefined
  /** Table that holds the version of the schema. Default: `-version` behind `database`. */
  readonly versionTable?: string | undefined
  /** Region of the tables. Default: what the SDK finds in the environment and the shared files; then `us-east-1`. */
  readonly region?: string | undefined
  /** URL of a DynamoDB that is not that of the region, such as `http://127.0.0.1:8000`. */
  readonly endpoint?: string | undefined
  /** Access key. Default: the SDK's own credential chain. */
  readonly accessKey?: string | undefined
  /** Secret of the access key. One without the other is `CONFIG`. */
  readonly secretAccessKey?: string | undefined
  /** Goes with the two of temporary credentials; without them it is `CONFIG`. */
  readonly sessionToken?: string | undefined
  /** How capacity is paid for, in tables that are created. Default `on-demand`. */
  readonly billing?: 'on-demand' | 'provisioned' | undefined
  /** Read units per second of the table of entries, with `provisioned`. */
  readonly readCapacity?: number | undefined
  /** Write units per second of the table of entries, with `provisioned`. */
  readonly writeCapacity?: number | undefined
  /** Whether a start turns on that the tables can be restored to any second of the last days. Default: they stay as they are. */
  readonly pointInTimeRecovery?: boolean | undefined
  /** Whether a start turns on that the tables cannot be deleted. Default: they stay as they are. */
  readonly deletionProtection?: boolean | undefined
  /** Longest wait for a connection, up to an hour. Default 2,000. */
  readonly connectTimeout?: number | undefined
  /** Longest wait for an answer, up to an hour. Default 5,000. */
  readonly requestTimeout?: number | undefined
  /** For how long a call is sent again that was throttled, met another transaction, or broke, up to five minutes. Default 15,000. */
  readonly retryTimeout?: number | undefined
  /** Longest wait for a table that is being created, changed or deleted, up to a day. Default 300,000. */
  readonly tableTimeout?: number | undefined
}

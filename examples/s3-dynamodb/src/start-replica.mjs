import { inRepository, startProgram } from './processes.mjs'

/** One server. All have the same configuration, and none keeps anything. */
export async function startReplica(store, dynamodb) {
  const env = {
    ...process.env,
    REGISTRY_STORAGE: 's3',
    REGISTRY_S3_ENDPOINT: store.endpoint,
    REGISTRY_S3_REGION: store.region,
    REGISTRY_S3_BUCKET: store.bucket,
    REGISTRY_S3_ACCESS_KEY: store.accessKey,
    REGISTRY_S3_SECRET_KEY: store.secretKey,
    REGISTRY_INDEX: 'dynamodb',
    REGISTRY_DYNAMODB_ENDPOINT: dynamodb.endpoint,
    REGISTRY_DYNAMODB_REGION: dynamodb.region,
    REGISTRY_DYNAMODB_DATABASE: dynamodb.database,
    REGISTRY_DYNAMODB_ACCESS_KEY: dynamodb.accessKey,
    REGISTRY_DYNAMODB_SECRET_ACCESS_KEY: dynamodb.secretKey,
  }
  const args = [inRepository('packages/server/dist/cli/main.js'), 'serve', '--port', '0', '--log-level', 'error']
  const { found, close } = await startProgram(process.execPath, args, { ready: /^Listening on .*http:\/\/(\S+)$/, env })
  return { address: found, close }
}

export { dynamodbIndex } from './dynamodb-index.js'
export type { DynamodbIndexOptions } from './dynamodb-index-options.js'
export { index } from './index-module.js'

export type { Migrated } from './migration.js'
export { index } from './module.js'
export type { SqliteIndexOptions } from './options.js'
export { sqliteIndex } from './sqlite-index.js'

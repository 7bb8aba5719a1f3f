import type { IndexModule } from '@registry/core'
import { optionsSchema, type SqliteIndexOptions } from './options.js'
import { sqliteIndex } from './sqlite-index.js'

/** What the server loads for `index: sqlite`. */
export const index: IndexModule<SqliteIndexOptions> = { contract: 1, name: 'sqlite', options: optionsSchema, open: sqliteIndex }

import type { IndexModule } from '@registry/core'
import { options } from './options.js'
import type { PostgresIndexOptions } from './options.js'
import { postgresIndex } from './postgres-index.js'

export { postgresIndex }
export type { PostgresIndexOptions }

/** What the server looks for in a package. */
export const index: IndexModule<PostgresIndexOptions> = { contract: 1, name: 'postgres', options, open: postgresIndex }

import type { OptionsSchema } from '@registry/core'

/** What a configuration may say. It spells `busyTimeout` as `busy_timeout`. */
export const options: OptionsSchema = {
  database: { type: 'string', required: true, description: 'Name of the database, made where it is missing.' },
}

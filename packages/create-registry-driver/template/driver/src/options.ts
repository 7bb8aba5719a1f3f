import type { OptionsSchema } from '@registry/core'

/** What a configuration may say. It spells `objectBytes` as `object_bytes`. */
export const options: OptionsSchema = {
  root: { type: 'string', required: true, description: 'What the names of all objects begin with.' },
  objectBytes: { type: 'integer', minimum: 1, default: 1_073_741_824, description: 'The most bytes that one object may have.' },
}

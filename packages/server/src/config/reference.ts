import type { OptionsSchema } from '@registry/core'
import type { FoundFile } from './config-file.js'
import { type OptionRow, optionRows } from './option-rows.js'

/** The table of options in Markdown, as docs/configuration.md has it. */
export function referenceTable(schema: OptionsSchema, sample: FoundFile): string {
  const rows = optionRows(schema, sample).map((row) => `| \`${row.option}\` | ${row.type} | ${defaultOf(row)} | ${variablesOf(row)} | ${row.meaning} |`)
  return ['| option | type | default | environment | meaning |', '|---|---|---|---|---|', ...rows].join('\n')
}

function defaultOf({ default: value, required }: OptionRow): string {
  if (value !== undefined) return `\`${String(value)}\``
  return required ? 'required' : '–'
}

function variablesOf({ variables }: OptionRow): string {
  return variables.map((variable) => `\`${variable}\``).join(', ')
}

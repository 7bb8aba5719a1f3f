import type { Setting, Settings } from '@registry/core/config'

/** What stands in the options of a driver or an index for something that each case has for itself. */
export interface Place {
  /** An empty folder. */
  readonly folder: string
  /** A name of a-z, 0-9 and -, which nothing else has. */
  readonly name: string
}

const placeholder = /<(folder|name)>/g

/** Which placeholders options have. */
export function placeholdersIn(settings: Settings): ReadonlySet<string> {
  return new Set([...settings.values()].flatMap(({ value }) => [...JSON.stringify(value ?? '').matchAll(placeholder)].map(([, name]) => name!)))
}

/** Options with `<folder>` and `<name>` filled in. */
export function at(place: Place, settings: Settings): Settings {
  return new Map([...settings].map(([option, setting]) => [option, filled(setting, place)]))
}

function filled(setting: Setting, place: Place): Setting {
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill)
    return typeof value === 'string' ? value.replace(placeholder, (_, name: keyof Place) => place[name]) : value
  }
  return { ...setting, value: fill(setting.value), ...(setting.text !== undefined && { text: fill(setting.text) as string }) }
}

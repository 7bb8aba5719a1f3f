import type { OptionsSchema } from '@registry/core'

/** As a configuration spells the name of an option: `access_key` for `accessKey`. */
export function spelled(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The options of a module by their paths in a configuration: below the module's name. */
export function sectionOf(module: { readonly name: string; readonly options: OptionsSchema } | undefined): OptionsSchema {
  if (module === undefined) return {}
  return Object.fromEntries(Object.entries(module.options).map(([option, schema]) => [`${module.name}.${spelled(option)}`, schema]))
}

/** The variable that sets an option, whatever a file says: `REGISTRY_CACHE_HOST` for `cache.host`. */
export function variableOf(path: string): string {
  return `REGISTRY_${path.replace(/[.-]/g, '_').toUpperCase()}`
}

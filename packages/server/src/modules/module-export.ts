import { RegistryError } from '@registry/core'
import type { Exports } from './import-module.js'
import { type ModuleKind, optionOf } from './module-kind.js'

type Fields = Readonly<Record<string, unknown>>

/** What a module of a kind does first, and what it is for people. */
const kinds: Readonly<Record<ModuleKind, { readonly member: string; readonly noun: string }>> = {
  driver: { member: 'open', noun: 'driver' },
  index: { member: 'open', noun: 'index' },
  hooks: { member: 'register', noun: 'module of hooks' },
}

/** What an export of a kind has, each with its type. */
export function partsOf(kind: ModuleKind): Readonly<Record<string, string>> {
  return { name: 'string', options: 'object', [kinds[kind].member]: 'function' }
}

/** The form of the export, for people. */
export function shape(kind: ModuleKind): string {
  return `a module exports \`${kind}\` as { contract: 1, name, options, ${kinds[kind].member} }`
}

/**
 * Picks what a kind of module is from what a file exports. That of CommonJS may be below `default`.
 *
 * @throws `CONFIG` where there is none
 */
export function moduleExport(kind: ModuleKind, exports: Exports, name: string): Fields {
  const holder = [exports, exports['default']].find((each) => isObject(each) && Object.hasOwn(each, kind)) as Fields | undefined
  const found = holder?.[kind]
  if (isObject(found)) return found
  throw new RegistryError('CONFIG', `${name}: ${holder ? `its export \`${kind}\` is ${kindOf(found)}; ${shape(kind)}` : wrongExport(kind, exports)}`)
}

/** What a file exports, for people. */
export function namesIn(exports: Exports): string {
  const names = Object.keys(exports).filter((each) => each !== 'module.exports')
  return names.length === 0 ? 'nothing' : names.join(', ')
}

function wrongExport(kind: ModuleKind, exports: Exports): string {
  const inside = exports['default']
  const others = (Object.keys(kinds) as ModuleKind[]).filter((each) => each !== kind)
  const other = others.find((each) => each in exports || (isObject(inside) && each in inside))
  if (other !== undefined) return `it exports \`${other}\`, so it is no ${kinds[kind].noun}: name it with \`${optionOf[other]}:\``
  return `it exports ${namesIn(exports)}, and no \`${kind}\`; ${shape(kind)}`
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'function' ? 'a function, which is not called' : `a ${typeof value}`
}

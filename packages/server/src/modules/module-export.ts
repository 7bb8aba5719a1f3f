import { RegistryError } from '@registry/core'
import type { Exports } from './import-module.js'
import { type ModuleKind, optionOf } from './module-kind.js'

type Fields = Readonly<Record<string, unknown>>

/** The form of the export, for people. */
export function shape(kind: ModuleKind): string {
  return `a module exports \`${kind}\` as { contract: 1, name, options, open }`
}

/**
 * Picks the driver or index from what a file exports. That of CommonJS may be below `default`.
 *
 * @throws `CONFIG` where there is none
 */
export function moduleExport(kind: ModuleKind, exports: Exports, name: string): Fields {
  const holder = [exports, exports['default']].find((each) => isObject(each) && Object.hasOwn(each, kind)) as Fields | undefined
  const found = holder?.[kind]
  if (isObject(found)) return found
  throw new RegistryError('CONFIG', `${name}: ${holder ? `its export \`${kind}\` is ${kindOf(found)}; ${shape(kind)}` : wrongExport(kind, exports)}`)
}

function wrongExport(kind: ModuleKind, exports: Exports): string {
  const other: ModuleKind = kind === 'driver' ? 'index' : 'driver'
  const inside = exports['default']
  if (other in exports || (isObject(inside) && other in inside)) {
    return `it exports \`${other}\`, so it is no ${kind}: name it with \`${optionOf[other]}:\``
  }
  const names = Object.keys(exports).filter((each) => each !== 'module.exports')
  return `it exports ${names.length === 0 ? 'nothing' : names.join(', ')}, and no \`${kind}\`; ${shape(kind)}`
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'function' ? 'a function, which is not called' : `a ${typeof value}`
}

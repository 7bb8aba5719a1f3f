import { isAbsolute } from 'node:path'

/** What a package can bring: what keeps bytes, what keeps facts, or what is told of pushes and may refuse them. */
export type ModuleKind = 'driver' | 'index' | 'hooks'

/** The option that names a module. */
export const optionOf: Readonly<Record<ModuleKind, string>> = { driver: 'storage', index: 'index', hooks: 'hooks' }

/** Modules whose packages are ours. */
const ours: Readonly<Record<ModuleKind, ReadonlySet<string>>> = { driver: new Set(['file', 's3']), index: new Set(['sqlite', 'dynamodb']), hooks: new Set() }

/** The packages, and at last the module, that a name may stand for: the first that is found counts. */
export function candidates(kind: ModuleKind, name: string): readonly string[] {
  return isShortName(name) ? [`@registry/${kind}-${name}`, `registry-${kind}-${name}`, name] : [name]
}

/** The package to install for a name; `undefined` where it cannot name one. */
export function packageFor(kind: ModuleKind, name: string): string | undefined {
  if (name.startsWith(`registry-${kind}-`)) return name
  if (isShortName(name)) return isOurs(kind, name) ? `@registry/${kind}-${name}` : `registry-${kind}-${name}`
  return /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*(?=\/|$)/.exec(name)?.[0]
}

/** Whether we make the module of that name. */
export function isOurs(kind: ModuleKind, name: string): boolean {
  return ours[kind].has(name)
}

/** Whether a name can be a part of a package's name, and is neither a path nor a scope. */
export function isShortName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]*$/.test(name)
}

/** Whether a name is the path of a file: an absolute one, or one from some folder. */
export function isPath(name: string): boolean {
  return isAbsolute(name) || /^\.\.?(?:\/|$)/.test(name)
}

export type Kind = 'driver' | 'index'

export const kinds: readonly Kind[] = ['driver', 'index']

/** What a package and its parts are called. */
export interface Names {
  readonly kind: Kind
  /** As a configuration names it, such as `azure-blob`. */
  readonly name: string
  /** Such as `registry-driver-azure-blob`, which `storage: azure-blob` finds. */
  readonly package: string
  /** Such as `azureBlobDriver`. */
  readonly factory: string
  /** Such as `AzureBlobDriver`. */
  readonly type: string
}

/** Names of packages of Registry itself, which nobody else may take. */
const taken: Readonly<Record<Kind, readonly string[]>> = { driver: ['file', 's3'], index: ['sqlite', 'dynamodb'] }

/**
 * The names of a package, from that which its user gave: with or without `registry-driver-`.
 *
 * @throws `Error` where nothing can be called so
 */
export function namesOf(kind: Kind, given: string): Names {
  const prefix = `registry-${kind}-`
  const other = kinds.find((each) => each !== kind && given.startsWith(`registry-${each}-`))
  if (other !== undefined) throw new Error(`${given} is what --kind ${other} would be called, and this is --kind ${kind}`)
  const name = given.startsWith(prefix) ? given.slice(prefix.length) : given
  const flaw = flawOf(kind, name)
  if (flaw !== undefined) throw new Error(flaw)
  const factory = `${camelCase(name)}${capital(kind)}`
  return { kind, name, package: `${prefix}${name}`, factory, type: capital(factory) }
}

/** Why nothing can be called so; `undefined` where it can. */
export function flawOf(kind: Kind, name: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    return `${JSON.stringify(name)} is no name of a package: it begins with a-z and has a-z, 0-9 and single - in between, such as azure-blob`
  }
  if (name.length > 60) return `the name has ${name.length} characters, and 60 are the most`
  if (taken[kind].includes(name)) return `${name} is the name of @registry/${kind}-${name}; call yours otherwise`
  return undefined
}

function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

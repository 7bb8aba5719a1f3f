import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const packages = join(import.meta.dirname, 'packages')

const manifests = readdirSync(packages).map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8')) }))

/** The source of each public entry of each package. */
const entryPoints = manifests.flatMap(({ folder, manifest: { exports = {} } }) => {
  const targets = Object.values(exports).flatMap((target) => target.default ?? [])
  return targets.map((target) => join(packages, folder, target.replace('./dist/', 'src/').replace(/\.js$/, '.ts')))
})

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'Registry',
  entryPoints,
  tsconfig: 'tsconfig.api.json',
  out: 'reports/api',
  readme: 'none',
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: true },
  packagesRequiringDocumentation: manifests.map(({ manifest }) => manifest.name),
  // Parts of the constraint of a type parameter.
  intentionallyNotDocumented: ['core/src/conformance.runSuite.Store.__type.capabilities', 'core/src/conformance.runSuite.Store.__type.close'],
  requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'TypeAlias', 'Method', 'Accessor', 'Constructor', 'Property', 'EnumMember'],
}

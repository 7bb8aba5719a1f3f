import { readFileSync } from 'node:fs'

interface Manifest {
  readonly version: string
  readonly devDependencies: Readonly<Record<string, string>>
}

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Manifest

/** Version of this package. */
export const version: string = manifest.version

/** The range of `@registry/core` that this package was made with. In the workspace that is no range, and any release does. */
export const coreRange: string = manifest.devDependencies['@registry/core']!.replace(/^workspace:.*/, '*')

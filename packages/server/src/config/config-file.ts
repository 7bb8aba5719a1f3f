import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ConfigFile, Environment } from '@registry/core/config'
import { readText } from './read-text.js'

/** A configuration file, and where what it names is looked for. */
export interface FoundFile extends ConfigFile {
  /** Its path; `undefined` where it is the sample. */
  readonly path: string | undefined
  /** Its folder; `undefined` where it is the sample. */
  readonly folder: string | undefined
}

/** The sample that is used where no file is named. */
export const sampleFile: string = fileURLToPath(new URL('sample.yml', import.meta.url))

const hint = '`registry config init` writes one'

/**
 * Reads the configuration file: the one that the command line names, else `DOCKER_REGISTRY_CONFIG`, else the sample.
 *
 * @throws `CONFIG` where it cannot be read
 */
export async function findConfigFile(named: string | undefined, environment: Environment): Promise<FoundFile> {
  const [from, name] = named !== undefined ? ['--config', named] : ['DOCKER_REGISTRY_CONFIG', environment['DOCKER_REGISTRY_CONFIG'] ?? '']
  if (name === '') return { name: 'the sample configuration', path: undefined, folder: undefined, text: await readText(sampleFile, sampleFile, hint) }
  const path = resolve(name)
  return { name, path, folder: dirname(path), text: await readText(path, `${from}: ${path}`, hint) }
}

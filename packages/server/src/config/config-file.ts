import { createReadStream } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RegistryError } from '@registry/core'
import type { ConfigFile, Environment } from '@registry/core/config'

/** A configuration file, and where what it names is looked for. */
export interface FoundFile extends ConfigFile {
  /** Its path; `undefined` where it is the sample. */
  readonly path: string | undefined
  /** Its folder; `undefined` where it is the sample. */
  readonly folder: string | undefined
}

/** The sample that is used where no file is named. */
export const sampleFile: string = fileURLToPath(new URL('sample.yml', import.meta.url))

/** A larger one is refused by its first bytes. */
const maxBytes = 16 * 1024 * 1024

/**
 * Reads the configuration file: the one that the command line names, else `DOCKER_REGISTRY_CONFIG`, else the sample.
 *
 * @throws `CONFIG` where it cannot be read
 */
export async function findConfigFile(named: string | undefined, environment: Environment): Promise<FoundFile> {
  const [from, name] = named !== undefined ? ['--config', named] : ['DOCKER_REGISTRY_CONFIG', environment['DOCKER_REGISTRY_CONFIG'] ?? '']
  if (name === '') return { name: 'the sample configuration', path: undefined, folder: undefined, text: await readText(sampleFile, sampleFile) }
  const path = resolve(name)
  return { name, path, folder: dirname(path), text: await readText(path, `${from}: ${path}`) }
}

async function readText(path: string, name: string): Promise<string> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of createReadStream(path, { end: maxBytes })) chunks.push(chunk as Buffer)
  } catch (error) {
    throw new RegistryError('CONFIG', `${name} ${reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? `cannot be read: ${String(error)}`}`, { cause: error })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (error) {
    throw new RegistryError('CONFIG', `${name} is no text in UTF-8; save it as such`, { cause: error })
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; `registry config init` writes one',
  ENOTDIR: 'does not exist; `registry config init` writes one',
  EISDIR: 'is a folder; name a file',
  EACCES: 'may not be read by this user; check its permissions',
}

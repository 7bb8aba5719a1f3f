import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { openRegistry } from '../../../src/cli/open-registry.js'
import { sampleFile } from '../../../src/config/config-file.js'
import type { Configuration } from '../../../src/config/configuration.js'
import { loadConfiguration, type LoadOptions } from '../../../src/config/load-configuration.js'

/** Loads a text as `config.yml` of a folder. */
export function loadText(folder: string, text: string, options: Partial<LoadOptions> = {}): Promise<Configuration> {
  const config = join(folder, 'config.yml')
  writeFileSync(config, text)
  return loadConfiguration({ config, environment: {}, ...options })
}

/** Loads the sample as `config.yml` of a folder, with variables. */
export function loadSample(folder: string, environment: Readonly<Record<string, string>>): Promise<Configuration> {
  const config = join(folder, 'config.yml')
  copyFileSync(sampleFile, config)
  return loadConfiguration({ config, environment })
}

/** Opens what a configuration describes, and closes it again: its modules have got their options. */
export async function openOnce(configuration: Configuration): Promise<void> {
  const registry = await openRegistry(configuration, pino({ level: 'silent' }))
  await registry.close()
}

/** The lines of the error that something is refused with. */
export async function refusalOf(work: Promise<unknown>): Promise<readonly string[]> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error)) throw new Error('it was not refused')
  return error.message.split('\n')
}

import { statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { describeProblem } from '@registry/core/config'
import { findConfigFile } from '../config/config-file.js'
import { loadConfiguration, type LoadOptions, loadSchema } from '../config/load-configuration.js'
import { referenceTable } from '../config/reference.js'
import { jsonLines, yamlLines } from './config-print.js'
import { refuse } from './refuse.js'
import { warn } from './warn.js'

/** Prints the configuration in effect. */
export async function printConfig(options: LoadOptions, json: boolean): Promise<void> {
  try {
    const configuration = await loadConfiguration(options)
    warn(configuration.warnings)
    for (const line of json ? jsonLines(configuration) : yamlLines(configuration)) print(line)
  } catch (error) {
    refuse(error)
  }
}

/** Says whether a registry would start with a configuration. */
export async function checkConfig(options: LoadOptions, json: boolean): Promise<void> {
  try {
    const { file, flavor, warnings } = await loadConfiguration(options)
    if (json) {
      print(JSON.stringify({ problems: [], warnings }))
      return
    }
    warn(warnings)
    print(`${file ?? 'the sample configuration'}${flavor === '' ? '' : `, flavor ${flavor}`}: nothing is wrong with it`)
  } catch (error) {
    if (!json || !(error instanceof Error)) {
      refuse(error)
      return
    }
    print(JSON.stringify({ problems: error.message.split('\n'), warnings: [] }))
    process.exitCode = 1
  }
}

/** Writes the sample configuration. */
export async function initConfig(file: string, replace: boolean): Promise<void> {
  try {
    const { text } = await findConfigFile(undefined, {})
    if (file === '-') {
      process.stdout.write(text)
      return
    }
    await writeFile(file, text, { flag: replace ? 'w' : 'wx' })
    print(`wrote ${file}; \`registry config print --config ${file}\` shows what it says`)
  } catch (error) {
    refuse(initFailure(file, error))
  }
}

/** Lists all options, with those of the modules that a configuration names. */
export async function printReference(options: LoadOptions): Promise<void> {
  try {
    const { schema, problems } = await loadSchema(options)
    warn(problems.map(describeProblem))
    print(referenceTable(schema, await findConfigFile(undefined, {})))
  } catch (error) {
    refuse(error)
  }
}

function initFailure(file: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EROFS') return `${file} may not be written by this user; name another file`
  if (code === 'EEXIST' && statSync(file).isDirectory()) return `${file} is a folder; name a file in it`
  if (code === 'EEXIST') return `${file} is there already; --force replaces it`
  if (code === 'ENOENT' || code === 'ENOTDIR') return `${file} cannot be written: its folder does not exist`
  if (code === 'EISDIR') return `${file} is a folder; name a file in it`
  return error
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Setting, type Settings, textSetting } from '@registry/core/config'
import type { LoadOptions } from '../config/load-configuration.js'
import { logLevels } from './logger.js'

/** Which option of a command is which option of a configuration. */
const paths: Readonly<Record<string, string>> = {
  '--storage-path': 'storage_path',
  '--host': 'host',
  '--port': 'port',
  '--workers': 'workers',
  '--public-url': 'public_url',
  '--read-only': 'read_only',
  '--no-deletes': 'deletes',
  '--log-level': 'loglevel',
}

/** Lets a command be told which registry it works on. */
export function withConfigOptions(command: Command, storagePath: string): Command {
  return command
    .addOption(new Option('--storage-path <folder>', `${storagePath} (default: as the configuration says, "./data" without one)`).argParser(parseText))
    .addOption(new Option('-c, --config <file>', 'configuration file; DOCKER_REGISTRY_CONFIG names one too').argParser(parseText))
    .addOption(new Option('--flavor <name>', 'flavor of the file that counts; SETTINGS_FLAVOR names one too (default: "dev")'))
}

/** Lets a command be told how a registry is served. */
export function withServerOptions(command: Command): Command {
  return command
    .addOption(new Option('-p, --port <number>', 'port to listen on; 0 takes a free one (default: 5000)').argParser(parseText))
    .addOption(new Option('--host <address>', 'address to listen on; 0.0.0.0 is every one of this machine (default: "127.0.0.1")').argParser(parseText))
    .addOption(new Option('--workers <number>', 'how many processes answer requests (default: 1)').argParser(parseText))
    .addOption(new Option('--public-url <url>', 'under which clients reach the registry; they are told paths alone without it').argParser(parseText))
    .addOption(new Option('--read-only', 'answer 405 to whatever would change something'))
    .addOption(new Option('--no-deletes', 'answer 405 to every DELETE'))
    .addOption(new Option('--log-level <level>', `how much to log, as JSON lines on stderr: ${logLevels.join(', ')} (default: "info")`).argParser(parseText))
}

/** What a command was told about the configuration. */
export function loadOptions(command: Command): LoadOptions {
  const { config, flavor } = command.opts<Pick<LoadOptions, 'config' | 'flavor'>>()
  return { config, flavor, commandLine: commandLineOf(command), environment: process.env }
}

function commandLineOf(command: Command): Settings {
  const settings = new Map<string, Setting>()
  for (const option of command.options) {
    const path = paths[option.long ?? '']
    const name = option.attributeName()
    if (path === undefined || command.getOptionValueSource(name) !== 'cli') continue
    settings.set(path, textSetting(String(command.getOptionValue(name)), { kind: 'command line', option: option.long! }))
  }
  return settings
}

/** An option that is not empty. */
export function parseText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.')
  return text
}

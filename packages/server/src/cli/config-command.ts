import { Argument, Command } from 'commander'
import { checkConfig, initConfig, printConfig, printReference } from './config.js'
import { loadOptions, parseText, withConfigOptions, withServerOptions } from './config-options.js'

/** `registry config`. */
export function configCommand(): Command {
  const config = new Command('config')
    .summary('show, check or begin a configuration')
    .description('Shows what configuration is in effect, checks one without starting a registry, or writes one to begin with.')
  for (const command of [printCommand(), checkCommand(), initCommand(), referenceCommand()]) config.addCommand(command)
  return config
}

function printCommand(): Command {
  const command = new Command('print')
    .summary('print the configuration in effect')
    .description('Prints every option that has a value, as YAML, and where the value came from. Secrets are masked.')
    .option('--json', 'print a JSON object on each line')
  return withServerOptions(withConfigOptions(command, 'where the data is'))
    .addHelpText('after', '\nExamples:\n  $ registry config print\n  $ registry config print --config config.yml --flavor prod\n  $ REGISTRY_PORT=5001 registry config print --json\n')
    .action(async ({ json }: { readonly json?: true }, command: Command) => {
      await printConfig(loadOptions(command), json === true)
    })
}

function checkCommand(): Command {
  const command = new Command('check')
    .summary('check a configuration without starting')
    .description('Checks a configuration, and that the storage driver, the index and the hooks that it names are installed. Nothing is opened.')
    .option('--json', 'print the problems and warnings as one JSON object')
  return withServerOptions(withConfigOptions(command, 'where the data is'))
    .addHelpText('after', '\nExample:\n  $ registry config check --config config.yml --flavor prod\n\nExit code: 0 when a registry would start with it, 1 when not.\n')
    .action(async ({ json }: { readonly json?: true }, command: Command) => {
      await checkConfig(loadOptions(command), json === true)
    })
}

function initCommand(): Command {
  return new Command('init')
    .summary('write a configuration to begin with')
    .description('Writes the sample configuration, which has a flavor for each kind of storage and says what each option is for.')
    .addArgument(new Argument('[file]', 'the file to write; - writes it to stdout').default('config.yml').argParser(parseText))
    .option('-f, --force', 'replace the file where it is there')
    .addHelpText('after', '\nExample:\n  $ registry config init && DOCKER_REGISTRY_CONFIG=config.yml registry serve\n')
    .action(async (file: string, { force }: { readonly force?: true }) => {
      await initConfig(file, force === true)
    })
}

function referenceCommand(): Command {
  const command = new Command('reference')
    .summary('list all options')
    .description('Lists all options in Markdown, with those of the storage driver, the index and the hooks that the configuration names.')
  return withConfigOptions(command, 'where the data is').action(async (_options: unknown, command: Command) => {
    await printReference(loadOptions(command))
  })
}

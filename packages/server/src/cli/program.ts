import { Command } from 'commander'
import { backupCommand } from './backup-command.js'
import { conformanceCommand } from './conformance-command.js'
import { configCommand } from './config-command.js'
import { describeCommand } from './describe-command.js'
import { lsCommand } from './ls-command.js'
import { rebuildCommand } from './rebuild-command.js'
import { rmCommand } from './rm-command.js'
import { searchCommand } from './search-command.js'
import { serveCommand } from './serve-command.js'
import { verifyCommand } from './verify-command.js'
import { version } from '../version.js'

/** The command `registry`. Every refusal is one line on stderr and exit code 1. */
export function program(): Command {
  const registry = new Command('registry')
    .description('A container registry: push and pull images with docker, podman, skopeo and the like.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureOutput({ outputError: (text, write) => { write(oneLine(text)) } })
    .showSuggestionAfterError()
    .addHelpText('after', '\nStart with:\n  $ registry serve\n')
  for (const command of [serveCommand(), lsCommand(), searchCommand(), describeCommand(), rmCommand(), rebuildCommand(), verifyCommand(), backupCommand(), configCommand(), conformanceCommand()]) registry.addCommand(inheriting(command, registry))
  return registry
}

/** Commander gives a subcommand its parent's settings only when the parent makes it. */
function inheriting(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent).helpOption('-h, --help', 'print this help')
  for (const below of command.commands) inheriting(below, command)
  return command
}

function oneLine(text: string): string {
  return `${text.trim().replace(/\s*\n\s*/g, ' ').replace(/^error:/, 'registry:')}\n`
}

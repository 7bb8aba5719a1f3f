import { Command } from 'commander'
import { loadOptions, withConfigOptions } from './config-options.js'
import { backup, type BackupCommandOptions } from './backup.js'

/** `registry backup`. */
export function backupCommand(): Command {
  const command = new Command('backup')
    .summary('write everything that a registry holds to one file')
    .description('Writes a registry as it is at one moment to a tar archive, while it may be in use. Upload sessions are left out.')
    .argument('<file>', 'the archive to make; - writes it to stdout')
    .option('-f, --force', 'replace the archive where it is there')
  return withConfigOptions(command, 'folder of the registry')
    .addHelpText(
      'after',
      `
Examples:
  $ registry backup /backups/registry-$(date +%F).tar
  $ registry backup - | zstd > registry.tar.zst

To restore it, unpack it to an empty folder and serve that:
  $ mkdir data && tar -xf registry.tar -C data
  $ registry serve --storage-path data

Exit code: 0 when everything is in it, 2 when storage had lost something, which is named; 1 when it failed,
130 or 143 when SIGINT or SIGTERM ended it. Then no archive is left.
`,
    )
    .action(async (file: string, options: BackupCommandOptions, command: Command) => {
      await backup(file, loadOptions(command), options)
    })
}

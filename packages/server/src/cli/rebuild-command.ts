import { Command } from 'commander'
import { loadOptions, withConfigOptions } from './config-options.js'
import { rebuild, type RebuildOptions } from './rebuild.js'

/** `registry rebuild`. */
export function rebuildCommand(): Command {
  const command = new Command('rebuild')
    .summary('make the index of a registry anew from its storage')
    .description('Makes the index of a registry anew from what its storage holds. The index that is there is set aside and kept.')
    .option('--dry-run', 'only count what would be there, and name what would be left out: nothing is changed')
    .option('--no-wait', 'do not wait until running registries on this storage have noticed: only where there is none')
    .option('--json', 'print a JSON object on each line')
  return withConfigOptions(command, 'folder of the registry')
    .addHelpText(
      'after',
      `
Examples:
  $ registry rebuild --dry-run
  $ registry rebuild --storage-path /var/lib/registry

A registry that is running on the folder stops writing, and has to be started again. One that died in the middle of a
rebuild goes on with it, here or in \`registry serve\`. The index from before is kept beside the new one as <file>.before-rebuild-<time>;
delete it when all is well.

Exit code: 0 when everything is there again, 2 when something was left out, which is named; 1 when it failed.
A push that was never answered is left out and named too, and is none of these.
`,
    )
    .action(async (options: RebuildOptions, command: Command) => {
      await rebuild(loadOptions(command), options)
    })
}

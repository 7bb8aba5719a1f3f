import { Command } from 'commander'
import { loadOptions, withConfigOptions } from './config-options.js'
import { verify, type VerifyCommandOptions } from './verify.js'

/** `registry verify`. */
export function verifyCommand(): Command {
  const command = new Command('verify')
    .summary('compare the index of a registry with its storage')
    .description('Looks whether index and storage of a registry fit together, and names what is missing, damaged or left over.')
    .option('--deep', 'read the bytes of every blob and compare their digests, which takes as long as reading the storage')
    .option('--repair', 'mend what can be mended without losing anything, and mark damaged blobs; without it nothing is changed')
    .option('--json', 'print a JSON object on each line')
  return withConfigOptions(command, 'folder of the registry')
    .addHelpText(
      'after',
      `
Examples:
  $ registry verify
  $ registry verify --deep --repair --storage-path /var/lib/registry
  $ registry verify --json | jq -r 'select(.finding.kind == "manifest-incomplete") | .finding.repository'

The registry may be running: what is only under way is no finding.

--repair puts rows and records again that follow from others, and deletes objects older than a day that nothing names.
A damaged blob it marks: the blob is answered 404 from then on, so that clients push it again, which heals it.
With --deep, a marked blob whose bytes are right is taken into use again.
What only a rebuild can decide is named and left alone.

Exit code: 0 when nothing is wrong or all of it was repaired, 2 when something is left, which is named; 1 when it failed,
130 or 143 when SIGINT or SIGTERM ended it.
`,
    )
    .action(async (options: VerifyCommandOptions, command: Command) => {
      await verify(loadOptions(command), options)
    })
}

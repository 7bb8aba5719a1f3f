import { Command, Option } from 'commander'
import { loadOptions, parseText, withConfigOptions } from './config-options.js'
import { logLevels } from './logger.js'
import { serve } from './serve.js'

/** `registry serve`. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .summary('run a registry')
    .description('Runs a registry. Without a configuration it keeps its data in a folder: layers and manifests as files, and an index of them in SQLite.')
    .addOption(new Option('-p, --port <number>', 'port to listen on; 0 takes a free one (default: 5000)').argParser(parseText))
    .addOption(new Option('--host <address>', 'address to listen on; 0.0.0.0 is every one of this machine (default: "127.0.0.1")').argParser(parseText))
  return withConfigOptions(command, 'where the data is; made when it is missing')
    .addOption(new Option('--workers <number>', 'how many processes answer requests (default: 1)').argParser(parseText))
    .addOption(new Option('--public-url <url>', 'under which clients reach the registry; they are told paths alone without it').argParser(parseText))
    .addOption(new Option('--read-only', 'answer 405 to whatever would change something'))
    .addOption(new Option('--no-deletes', 'answer 405 to every DELETE'))
    .addOption(new Option('--log-level <level>', 'how much to log, as JSON lines on stderr (default: "info")').choices(logLevels))
    .addHelpText(
      'after',
      `
Examples:
  $ registry serve
  $ registry serve --port 5001 --storage-path /var/lib/registry
  $ registry serve --config config.yml --flavor prod
  $ SETTINGS_FLAVOR=s3 AWS_BUCKET=images AWS_REGION=eu-central-1 registry serve
  $ docker tag alpine 127.0.0.1:5000/alpine && docker push 127.0.0.1:5000/alpine
  $ skopeo copy --dest-tls-verify=false docker-archive:image.tar docker://127.0.0.1:5000/image

What is said here counts more than the environment (REGISTRY_PORT and so on), and that more than the configuration file.
\`registry config print\` shows what comes of it, \`registry config init\` writes a file to begin with.

There is no authentication yet: on another address than 127.0.0.1, everyone who reaches it can push and pull.
The index is <folder>/@index.sqlite. Where it is gone or damaged it is made anew from the folder, with 503 until that is complete.
Ctrl-C or SIGTERM lets running requests end; a second one ends at once.
`,
    )
    .action(async (_options: unknown, command: Command) => {
      await serve(loadOptions(command))
    })
}

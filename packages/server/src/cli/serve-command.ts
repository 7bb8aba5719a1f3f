import { Command, InvalidArgumentError, Option } from 'commander'
import { logLevels } from './logger.js'
import { serve, type ServeOptions } from './serve.js'
import { parseText, storagePathOption } from './storage-path.js'

/** `registry serve`. */
export function serveCommand(): Command {
  return new Command('serve')
    .summary('run a registry')
    .description('Runs a registry that keeps its data in a folder: layers and manifests as files, and an index of them in SQLite.')
    .addOption(new Option('-p, --port <number>', 'port to listen on; 0 takes a free one').default(5000).argParser(parsePort))
    .addOption(new Option('--host <address>', 'address to listen on; 0.0.0.0 is every one of this machine').default('127.0.0.1').argParser(parseText))
    .addOption(storagePathOption('where the data is; made when it is missing'))
    .addOption(new Option('--public-url <url>', 'under which clients reach the registry; they are told paths alone without it').argParser(parseText))
    .addOption(new Option('--read-only', 'answer 405 to whatever would change something'))
    .addOption(new Option('--no-deletes', 'answer 405 to every DELETE'))
    .addOption(new Option('--log-level <level>', 'how much to log, as JSON lines on stderr').choices(logLevels).default('info'))
    .addHelpText(
      'after',
      `
Examples:
  $ registry serve
  $ registry serve --port 5001 --storage-path /var/lib/registry
  $ docker tag alpine 127.0.0.1:5000/alpine && docker push 127.0.0.1:5000/alpine
  $ skopeo copy --dest-tls-verify=false docker-archive:image.tar docker://127.0.0.1:5000/image

There is no authentication yet: on another address than 127.0.0.1, everyone who reaches it can push and pull.
The index is <folder>/@index.sqlite. Where it is gone or damaged it is made anew from the folder, with 503 until that is complete.
Ctrl-C or SIGTERM lets running requests end; a second one ends at once.
`,
    )
    .action(async (options: ServeOptions) => {
      await serve(options)
    })
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError('A port is a number from 0 to 65535.')
  return port
}

import { Command } from 'commander'
import { loadOptions, withConfigOptions, withServerOptions } from './config-options.js'
import { serve } from './serve.js'

/** `registry serve`. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .summary('run a registry')
    .description('Runs a registry. Without a configuration it keeps its data in a folder: layers and manifests as files, and an index of them in SQLite.')
  return withServerOptions(withConfigOptions(command, 'where the data is; made when it is missing'))
    .addHelpText(
      'after',
      `
Examples:
  $ registry serve
  $ registry serve --port 5001 --storage-path /var/lib/registry
  $ registry serve --config config.yml --flavor prod
  $ SETTINGS_FLAVOR=s3 AWS_BUCKET=images REGISTRY_INDEX=dynamodb registry serve
  $ docker tag alpine 127.0.0.1:5000/alpine && docker push 127.0.0.1:5000/alpine
  $ skopeo copy --dest-tls-verify=false docker-archive:image.tar docker://127.0.0.1:5000/image

What is said here counts more than the environment (REGISTRY_PORT and so on), and that more than the configuration file.
\`registry config print\` shows what comes of it, \`registry config init\` writes a file to begin with.

There is no authentication yet: on another address than 127.0.0.1, everyone who reaches it can push and pull.
The index is <folder>/@index.sqlite, unless the configuration says otherwise. Where it is gone or damaged it is made anew from the folder, with 503 until that is complete.
Ctrl-C or SIGTERM lets running requests end; a second one ends at once.
`,
    )
    .action(async (_options: unknown, command: Command) => {
      await serve(loadOptions(command))
    })
}

import { relative, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { ask, type Wishes } from './ask.js'
import { kinds, namesOf } from './names.js'
import { coreRange, version } from './versions.js'
import { writePackage } from './write-package.js'

/** The command `create-registry-driver`, which is `npm create registry-driver`. */
export function program(): Command {
  return new Command('create-registry-driver')
    .description('Makes a TypeScript package for a storage driver or an index of Registry, which builds, lints and runs the conformance suite.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .argument('[folder]', 'where to write it (default: registry-KIND-NAME here)')
    .addOption(new Option('--kind <kind>', 'what it keeps: bytes, as a driver, or facts, as an index').choices(kinds))
    .option('--name <name>', 'as a configuration names it, such as azure-blob')
    .configureOutput({ outputError: (text, write) => { write(text.replace(/^error:/, 'create-registry-driver:')) } })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Examples:
  $ npm create registry-driver@latest -- --kind driver --name azure-blob
  $ npm create registry-driver@latest -- --kind index --name postgres ./postgres

On a terminal it asks for what is not said. Nothing is installed, and nothing that is there is overwritten.
`,
    )
    .action(async (folder: string | undefined, options: Partial<Wishes>) => {
      try {
        await create(folder, options)
      } catch (error) {
        process.stderr.write(`create-registry-driver: ${(error as Error).message}\n`)
        process.exitCode = 1
      }
    })
}

async function create(folder: string | undefined, options: Partial<Wishes>): Promise<void> {
  if (!process.stdin.isTTY) require(options)
  const wishes = await ask(options)
  if (wishes === undefined) throw new Error('ended; nothing was written')
  const names = namesOf(wishes.kind, wishes.name)
  const target = resolve(folder ?? names.package)
  const files = await writePackage(target, names, coreRange)
  const shown = relative(process.cwd(), target)
  const lines = [
    `Made ${names.package}: ${files.length} files in ${target}. Next:`,
    '',
    ...(shown === '' ? [] : [`  cd ${shown}`]),
    '  npm install',
    '  npm test',
    '',
    'The first clause of the contract fails, and says what to write. The last one passes when the package is done.',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Where nobody can be asked. */
function require({ kind, name }: Partial<Wishes>): void {
  if (kind === undefined) throw new Error('--kind driver or --kind index is missing')
  if (name === undefined) throw new Error('--name is missing: as a configuration names it, such as azure-blob')
}

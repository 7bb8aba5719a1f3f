import { Command, InvalidArgumentError, Option } from 'commander'
import type { ConformanceOptions } from './conformance/conformance.js'
import { parseText } from './config-options.js'

/** `registry conformance`. */
export function conformanceCommand(): Command {
  return new Command('conformance')
    .summary('prove that a driver or an index keeps its contract')
    .description('Runs the conformance suite on a driver or an index, without a test runner, and tells of each clause of the contract whether it holds.')
    .argument('<module>', 'a package, its short name such as s3, or the path of a JavaScript file that exports `driver` or `index`')
    .addOption(new Option('--options <file>', 'YAML file of the options that it is opened with').argParser(parseText))
    .addOption(new Option('--filter <id...>', 'only clauses whose ids begin so, such as put/ or head/absent').argParser(collect))
    .addOption(new Option('--timeout <seconds>', 'how long a clause may take').default(60).argParser(parseSeconds))
    .addOption(new Option('--kind <kind>', 'which one is judged of a module that exports both').choices(['driver', 'index']))
    .option('--bail', 'end at the first clause that does not hold')
    .addOption(new Option('--json <file>', 'write what came out to a file, too; - for stdout, and the report to stderr').argParser(parseText))
    .addHelpText(
      'after',
      `
Each clause is tried in a place of its own. The options say where: <folder> in them is an empty folder, which is removed
behind the clause, and <name> a name of a-z, 0-9 and - that nothing else has. A value _env:NAME comes from the environment:

  bucket: test-bucket
  secret_key: _env:SECRET_KEY
  root: conformance/<name>

A limit that can be tried, such as object_bytes: 50000000, lets the suite try it.
What a driver keeps under a <name> is deleted behind each clause. An index cannot do that: what is left is told at the end.
Where the file exports \`harness\` beside its driver or index, that makes the places, and no options are needed.

Examples:
  $ registry conformance file --options options.yml
  $ registry conformance ./dist/index.js --options options.yml --filter put/ list/ --bail
  $ registry conformance registry-index-postgres --options postgres.yml --json report.json

A call that neither ends nor lets others run, such as an endless loop, can only be ended with SIGKILL.

Exit code: 0 when every clause holds, 2 when one does not; 1 when the suite could not run,
130 or 143 when SIGINT or SIGTERM ended it.
`,
    )
    .action(async (module: string, options: ConformanceOptions) => {
      const { conformance } = await import('./conformance/conformance.js')
      await conformance(module, options)
    })
}

function collect(id: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, parseText(id)]
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It is a whole number of seconds from 1 on.')
  return seconds
}

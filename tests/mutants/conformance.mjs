const core = 'packages/core/src/conformance'
const source = 'packages/server/src/cli/conformance'
const suite = (title) => ({ file: 'packages/core/test/run-suite.test.ts', title })
const command = (title) => ({ file: 'packages/server/test/conformance.test.ts', title })

export const conformance = [
  {
    name: 'conformance: a deviation that passes is passed over',
    file: `${core}/deviations.ts`,
    find: `if (passed) throw new Error`,
    replace: `if (false as boolean) throw new Error`,
    test: suite('has a deviation deviate while it fails, and fail when it passes'),
  },
  {
    name: 'conformance: cases run in the order of the suite',
    file: `${core}/run-suite.ts`,
    find: `of byMethod(cases)) {`,
    replace: `of [...byMethod([]), ...cases]) {`,
    test: suite('runs the cases of a method together, methods in the order in which they begin'),
  },
  {
    name: 'conformance: a case that hangs hangs the suite',
    file: `${core}/run-suite.ts`,
    find: `await Promise.race([run, lateness])`,
    replace: `lateness.catch(() => undefined)\n    await run`,
    test: suite('fails a case that hangs, and goes on'),
  },
  {
    name: 'conformance: what a driver keeps under a name stays',
    file: `${source}/empty-storage.ts`,
    find: `await driver.delete(keys)`,
    replace: `await driver.delete(keys.slice(0, 0))`,
    test: command('removes what a driver left under a name, and says what an index left'),
  },
  {
    name: 'conformance: what an index left is not told',
    file: `${source}/places.ts`,
    find: `if (isNamed && !(await empty(open))) left++`,
    replace: `if (isNamed) await empty(open)`,
    test: command('removes what a driver left under a name, and says what an index left'),
  },
  {
    name: 'conformance: the folders of cases stay',
    file: `${source}/judge.ts`,
    find: `await places?.remove()`,
    replace: ``,
    test: command('names what is thrown outside of every call, and leaves nothing'),
  },
  {
    name: 'conformance: all cases share one place',
    file: `${source}/read-options.ts`,
    find: `if (placeholdersIn(settings).size === 0) {`,
    replace: `if (placeholdersIn(settings).size > 2) {`,
    test: command('refuses %s in a line, and tries nothing'),
  },
  {
    name: 'conformance: an option that there is not is passed over',
    file: `${source}/read-options.ts`,
    find: `if (problems.length + strange.length > 0)`,
    replace: `if (problems.length > 0)`,
    test: command('refuses %s in a line, and tries nothing'),
  },
  {
    name: 'conformance: a clause that does not hold is a success',
    file: `${source}/conformance.ts`,
    find: `outcome === 'failed')) process.exitCode = 2`,
    replace: `outcome === 'failed')) process.exitCode = 0`,
    test: command('says why a clause does not hold, what to read, and how to run it alone'),
  },
  {
    name: 'conformance: a call that hangs keeps the process',
    file: `${source}/conformance.ts`,
    find: `process.stdout.write('', () => process.exit())`,
    replace: ``,
    test: command('fails a clause that hangs, goes on, and ends all the same'),
  },
  {
    name: 'conformance: the first failure ends nothing',
    file: `${source}/judge.ts`,
    find: `if (endsAtFailure && value.outcome === 'failed') return results`,
    replace: ``,
    test: command('ends at the first failure where it is told to'),
  },
  {
    name: 'conformance: the harness of a file is passed over',
    file: `${source}/judge.ts`,
    find: `options.options === undefined ? own.harness : undefined`,
    replace: `options.options === 'own' ? own.harness : undefined`,
    test: command('takes the harness and the deviations that a file exports'),
  },
  {
    name: 'contract: an engine takes a driver of another one',
    file: 'packages/engine/src/registry.ts',
    find: `  checkContract('driver', driver)\n`,
    replace: ``,
    test: { file: 'packages/server/test/config/contract-two.test.ts', title: 'an engine that is embedded refuses it with what docs/versions.md quotes' },
  },
  {
    name: 'contract: an engine takes an index of another one',
    file: 'packages/engine/src/registry.ts',
    find: `  checkContract('index', index)\n`,
    replace: ``,
    test: { file: 'packages/engine/test/contract.test.ts', title: 'a driver or an index of contract %s is refused before anything is read or written' },
  },
  {
    name: 'contract: the form of a module is looked at before its contract',
    file: 'packages/server/src/modules/load-module.ts',
    find: `  checkContract(found['contract'], name, kind)\n`,
    replace: `  if (typeof found['name'] === 'string') checkContract(found['contract'], name, kind)\n`,
    test: { file: 'packages/server/test/config/contract-two.test.ts', title: 'is refused with what docs/versions.md quotes' },
  },
]

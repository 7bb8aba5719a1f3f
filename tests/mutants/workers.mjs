const source = 'packages/server/src/cli/workers'
const file = 'packages/server/test/workers.test.ts'

export const workers = [
  {
    name: 'a worker that dies is not replaced',
    file: `${source}/primary.ts`,
    find: `if (crew.ending.aborted) return
    log.warn(`,
    replace: `if (pause > 0) return
    log.warn(`,
    test: { file, title: 'is replaced, while the other one answers' },
  },
  {
    name: 'a worker takes whatever the configuration has become',
    file: `${source}/worker.ts`,
    find: `fingerprint(configuration) !== order.configuration`,
    replace: `fingerprint(configuration) === ''`,
    test: { file, title: 'is not replaced by one with another configuration' },
  },
  {
    name: 'a worker sets a damaged index aside that others have open',
    file: `${source}/serving.ts`,
    find: `replacesDamaged: isAlone,`,
    replace: `replacesDamaged: true,`,
    test: { file, title: 'leaves a damaged index as it is while another one has it open' },
  },
  {
    name: 'each start of a first worker is tried again',
    file: `${source}/primary.ts`,
    find: `    if (!crew.ending.aborted) refuseStart(await first.ended)
    return
`,
    replace: `    if (!crew.ending.aborted) await serveWithWorkers(configuration)
    return
`,
    test: { file, title: 'says in one line that the port is in use' },
  },
  {
    name: 'a worker that did not end well is passed over',
    file: `${source}/crew.ts`,
    find: `if (ending.signal.aborted && !wasAskedToEnd(end)) process.exitCode = 1`,
    replace: `void wasAskedToEnd(end)`,
    test: { file, title: 'tells by its exit code that a worker did not end well' },
  },
]

// A vitest that stays: runs tests of the package in whose folder it was started whenever its parent asks. Each run still
// has a process of its own; what is saved is to start vitest, and to transform what did not change.
import { createVitest } from 'vitest/node'

const ran = []
const reporter = {
  onTestCaseResult(test) {
    const { state, errors } = test.result()
    if (state !== 'skipped') ran.push({ title: test.name, status: state, message: errors?.[0]?.message })
  },
}
/** What vitest transforms is kept, by content, in the node_modules of the copy: the next session has it. */
const experimental = { fsModuleCache: true }
/** A mutant that lets a test wait in vain is seen soon. */
const testTimeout = 30_000
const vitest = await createVitest('test', { watch: false, reporters: [reporter], experimental, testTimeout })
const project = vitest.getRootProject()
let changedBefore = []

process.on('message', async ({ file, names, changed, bail }) => {
  // What was patched for the last run is as it was again.
  for (const path of [...changedBefore, ...changed]) vitest.invalidateFile(path)
  changedBefore = changed
  project.config.bail = bail
  ran.length = 0
  await vitest.runTestSpecifications([project.createSpecification(file, { testNamePattern: new RegExp(names) })])
  process.send(ran)
})

process.once('disconnect', () => vitest.close().finally(() => process.exit()))

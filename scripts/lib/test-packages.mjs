import { existsSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { runTool } from './run-tool.mjs'
import { readJson, root, workspacePackages } from './workspace.mjs'

const pnpm = join(root, 'node_modules', '.bin', 'pnpm')

/**
 * Runs the tests of every package, one after the other: some start servers and clients, and two cores shall do.
 * Not through turbo, which tells neither which runner failed nor, from its cache, what this machine can do.
 * Adds the runners' reports up: `{ passed, failed, skipped }`, where `failed` and `skipped` are names.
 */
export async function testPackages() {
  const total = { passed: 0, failed: [], skipped: [] }
  for (const { folder, manifest } of workspacePackages()) {
    if (manifest.scripts?.test === undefined) continue
    const file = join(folder, 'reports', 'vitest.json')
    // A report of an earlier run never counts.
    rmSync(file, { force: true })
    const succeeded = await runTool(pnpm, ['run', 'test'], { cwd: folder })
    const { passed, failed, skipped } = existsSync(file) ? readReport(readJson(file), folder) : nothing('its runner ended without a report')
    if (!succeeded && failed.length === 0) failed.push('its runner failed outside of a test')
    const named = (name) => `${manifest.name}: ${name}`
    total.passed += passed
    total.failed.push(...failed.map(named))
    total.skipped.push(...skipped.map(named))
  }
  return total
}

function nothing(reason) {
  return { passed: 0, failed: [reason], skipped: [] }
}

function readReport({ testResults }, folder) {
  if (testResults.length === 0) return nothing('it has a test script, and no test')
  const files = testResults.map((result) => readFile(result, relative(folder, result.name)))
  return {
    passed: files.reduce((sum, { passed }) => sum + passed, 0),
    failed: files.flatMap(({ failed }) => failed),
    skipped: files.flatMap(({ skipped }) => skipped),
  }
}

function readFile({ status, assertionResults }, file) {
  const named = (...statuses) =>
    assertionResults
      .filter((test) => statuses.includes(test.status))
      .map(({ ancestorTitles, title }) => [file, ...ancestorTitles, title].join(' > '))
  // A test that did not end is `pending`; a file that does not load, or whose hook throws, has no failed test.
  const failed = named('failed', 'pending')
  if (status === 'failed' && failed.length === 0) failed.push(`${file}: the file or one of its hooks failed`)
  return { passed: named('passed').length, failed, skipped: named('skipped', 'disabled', 'todo') }
}

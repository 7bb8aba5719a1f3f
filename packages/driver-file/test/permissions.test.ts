import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { temporaryDirectory } from './file-harness.js'
import { takeSteps, type Outcome, type Step } from './unprivileged.js'

let directory: string

beforeEach(async () => {
  directory = await temporaryDirectory()
})

afterEach(() => rm(directory, { recursive: true, force: true }))

function denied(path: string): Outcome {
  const message: unknown = expect.stringContaining(`${join(directory, path)}: the permissions do not allow it`)
  return { code: 'ACCESS_DENIED', message: message as string }
}

/** Takes the steps, each of which comes to the outcome behind it. */
async function expectOutcomes(...trials: readonly (readonly [Step, unknown])[]): Promise<void> {
  const outcomes = await takeSteps(directory, trials.map(([step]) => step))
  for (const [i, [step, expected]] of trials.entries()) {
    expect(outcomes[i], `${i}: ${step.join(' ')}`).toEqual(outcomeOf(expected))
  }
}

function outcomeOf(expected: unknown): unknown {
  if (isDenial(expected)) return expect.objectContaining(expected)
  return expected === undefined ? {} : { value: expected }
}

function isDenial(expected: unknown): expected is Outcome {
  return typeof expected === 'object' && expected !== null && 'code' in expected
}

it('a root that may not be made, or not be written, read or searched, refuses the start', async () => {
  await expectOutcomes(
    [['start', 'root'], undefined],
    ...[0o500, 0o300, 0o600].flatMap((mode) => [[['chmod', 'root', mode], undefined], [['start', 'root'], denied('root')]] as const),
    [['chmod', 'root', 0o700], undefined],
    [['start', 'root'], undefined],
    [['chmod', '', 0o500], undefined],
    [['start', 'other/root'], denied('other/root')],
    [['chmod', '', 0o700], undefined],
    [['start', 'other/root'], undefined],
  )
})

it('a folder of temporary files that may not be used refuses the start', async () => {
  await expectOutcomes(
    [['start', 'root'], undefined],
    [['put', 'a/b'], 5],
    ...[0o500, 0o300, 0o600].flatMap((mode) => [[['chmod', 'root/@tmp', mode], undefined], [['start', 'root'], denied('root/@tmp')]] as const),
    [['put', 'a/b'], denied('root/@tmp')],
    [['chmod', 'root/@tmp', 0o700], undefined],
    [['start', 'root'], undefined],
    [['open', 'a/b'], 'bytes'],
  )
})

it('a folder that may not be written refuses put and delete, loses nothing, and goes on when it may', async () => {
  await expectOutcomes(
    [['start', 'root'], undefined],
    [['put', 'a/old'], 5],
    [['chmod', 'root/a', 0o500], undefined],
    [['put', 'a/new'], denied('root/a/new')],
    [['put', 'a/old'], denied('root/a/old')],
    [['put', 'a/new/deep'], denied('root/a/new/deep')],
    [['delete', 'a/old'], denied('root/a/old')],
    [['names', 'root/@tmp'], []],
    [['open', 'a/old'], 'bytes'],
    [['list', ''], ['a/old']],
    [['chmod', 'root/a', 0o700], undefined],
    [['put', 'a/new'], 5],
    [['put', 'a/old'], 5],
    [['delete', 'a/old'], undefined],
    [['list', ''], ['a/new']],
  )
})

it('a folder that may not be searched or read is not taken for an empty one', async () => {
  await expectOutcomes(
    [['start', 'root'], undefined],
    [['put', 'a/b/old'], 5],
    [['chmod', 'root/a/b', 0o000], undefined],
    [['head', 'a/b/old'], denied('root/a/b/old')],
    [['open', 'a/b/old'], denied('root/a/b/old')],
    [['put', 'a/b/old'], denied('root/a/b/old')],
    [['delete', 'a/b/old'], denied('root/a/b/old')],
    [['list', 'a/'], denied('root/a/b')],
    [['chmod', 'root/a/b', 0o700], undefined],
    [['open', 'a/b/old'], 'bytes'],
  )
})

it('an object that may not be read is there, and says so', async () => {
  await expectOutcomes(
    [['start', 'root'], undefined],
    [['put', 'a/old'], 5],
    [['chmod', 'root/a/old', 0o000], undefined],
    [['head', 'a/old'], 5],
    [['open', 'a/old'], denied('root/a/old')],
    [['list', ''], ['a/old']],
  )
})

import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { isCertainlyDead, ownMark } from './process-mark.js'

const own = await ownMark()
const [boot, namespace, pid, started] = own.split('-')

describe.runIf(process.platform === 'linux')('a process', () => {
  it('tells itself from every other', () => {
    expect(own).toMatch(/^[0-9a-f]{32}-\d+-\d+-\d+$/)
    expect(pid).toBe(String(process.pid))
  })

  it('that runs is not dead', async () => {
    expect(await isCertainlyDead(own, own)).toBe(false)
    expect(await isCertainlyDead([boot, namespace, process.ppid, 'x'].join('-'), own), 'another start: another process').toBe(true)
  })

  it('that has ended is dead', async () => {
    const ended = spawnSync(process.execPath, ['--version']).pid
    expect(await isCertainlyDead([boot, namespace, ended, started].join('-'), own)).toBe(true)
  })

  it.each([
    ['of another boot', ['f'.repeat(32), namespace, 999_999_999, started]],
    ['of another container', [boot, '1', 999_999_999, started]],
    ['of which nothing is known', ['elsewhere']],
  ])('%s is not known to be dead', async (_, parts) => {
    expect(await isCertainlyDead(parts.join('-'), own)).toBe(false)
  })
})

it('nobody is known to be dead by a process that knows nothing of itself', async () => {
  expect(await isCertainlyDead(own, 'elsewhere')).toBe(false)
  expect(await isCertainlyDead('elsewhere', 'elsewhere')).toBe(false)
})

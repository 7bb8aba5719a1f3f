import { fsyncSync, openSync, renameSync } from 'node:fs'
import path from 'node:path'
import { expect, it, vi } from 'vitest'
import { copyDatabase } from '../src/copy.js'
import { plantZero } from './schema-zero.js'
import { temporaryDirectory } from './temporary-directory.js'

vi.mock('node:fs', { spy: true })

it('a copy is on the disk before it has its name, and its name before it is said to be there', async () => {
  const directory = await temporaryDirectory()
  const file = path.join(directory, 'index.sqlite')
  plantZero(file, [])
  vi.clearAllMocks()
  copyDatabase(file, `${file}.copy`)
  const opened = vi.mocked(openSync).mock
  const calls = [
    ...vi.mocked(fsyncSync).mock.invocationCallOrder.map((order, call) => {
      const descriptor = vi.mocked(fsyncSync).mock.calls[call]![0]
      const at = opened.results.findLastIndex(({ value }, number) => value === descriptor && opened.invocationCallOrder[number]! < order)
      return { order, what: `sync ${String(opened.calls[at]?.[0])}` }
    }),
    ...vi.mocked(renameSync).mock.invocationCallOrder.map((order) => ({ order, what: 'rename' })),
  ]
  expect(calls.sort((a, b) => a.order - b.order).map(({ what }) => what)).toEqual([`sync ${file}.copy.partial`, 'rename', `sync ${directory}`])
})

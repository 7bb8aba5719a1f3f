import { describe, expect, it } from 'vitest'
import { searchTable } from './search-table.js'

const found = [
  { name: 'alpine', description: 'A small base image' },
  { name: 'team/alpine', description: undefined },
  { name: 'x', description: `long ${'word '.repeat(20)}`.trim() },
]

describe('searchTable', () => {
  it('has names and descriptions in columns, whole where there is no terminal', () => {
    expect(searchTable(found, {})).toEqual([
      'NAME          DESCRIPTION',
      'alpine        A small base image',
      'team/alpine',
      `x             ${found[2]!.description!}`,
    ])
  })

  it('cuts descriptions to the width of the terminal', () => {
    const lines = searchTable(found, { columns: 40 })
    expect(lines[3]).toBe('x             long word word word word…')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40)
  })

  it('leaves something of a description beside a long name', () => {
    const [, line] = searchTable([{ name: 'n'.repeat(100), description: 'd'.repeat(100) }], { columns: 80 })
    expect(line).toBe(`${'n'.repeat(100)}   ${'d'.repeat(19)}…`)
  })

  it('shows a terminal nothing that it would obey', () => {
    expect(searchTable([{ name: 'a\u001b[2J\nb', description: '\u009b1mx\r\ny\u202e' }], {})).toEqual(['NAME     DESCRIPTION', 'a[2J b   1mx y'])
  })
})

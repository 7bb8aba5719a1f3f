import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './repository.js'

const page = read('docs/hooks.md')

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** First cells of the rows of a section's tables that are code. */
function firstCells(section: string): readonly string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? ''
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell = '']) => cell)
}

function keysOf(path: string): readonly string[] {
  return [...read(path).matchAll(/^ {2}readonly '([^']+)':/gm)].map(([, key = '']) => key)
}

describe('docs/hooks.md', () => {
  it('has each event, and nothing else', () => {
    expect(firstCells('What is told')).toEqual(keysOf('packages/engine/src/hooks/events.ts'))
  })

  it('has what each check is shown', () => {
    expect(firstCells('What can be refused')).toEqual(keysOf('packages/engine/src/hooks/pushes.ts'))
  })

  it('has each signal of docker-registry 0.9', () => {
    const signals = ['repository-created', 'repository-updated', 'repository-deleted', 'tag-created', 'tag-deleted', 'before-put-image-json']
    expect(firstCells('Where the old signals went')).toEqual(signals)
  })

  it('has the example of the README, which runs', () => {
    const [, code = ''] = /^```js\n(.*?)^```$/ms.exec(page) ?? []
    expect(code.split('\n').length).toBeGreaterThan(10)
    expect(read('packages/engine/README.md')).toContain(code)
  })
})

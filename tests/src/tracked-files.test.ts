import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './repository.js'

/** An unpacked archive has no list of its files, and says so by a skipped test. */
const isRepository = existsSync(join(root, '.git'))

/** A folder of somebody's machine, or the host of a package registry; in pieces, so that this file passes. */
const homes = ['home', 'Users', 'root', 'work'].join('|')
const machinePath = new RegExp(`(?<![\\w.~/-])/(?:${homes})/\\w`)
const registryHost = new RegExp(['registry', '(npmjs|yarnpkg|npmmirror)'].join('\\.'))

describe.skipIf(!isRepository)('tracked files [needs a git repository: git clone]', () => {
  const paths = isRepository ? list() : []

  it('name no folder of a machine and no host of a package registry', () => {
    const lines = paths.flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      return text.split('\n').flatMap((line, index) => (machinePath.test(line) || registryHost.test(line) ? [`${path}:${index + 1}: ${line}`] : []))
    })
    expect(lines).toEqual([])
  })

  it('lock no address to download from', () => {
    expect(paths).toContain('pnpm-lock.yaml')
    expect(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')).not.toMatch(/\b(tarball|resolved):/)
  })
})

/** What git tracks or would add. */
function list(): readonly string[] {
  const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  return output.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
}

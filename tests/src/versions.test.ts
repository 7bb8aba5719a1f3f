import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addChangeset, copyRepository, publishedPeer, release } from './released-copy.js'
import { readManifest, readPackages, root } from './repository.js'

const folders = readPackages().map(({ folder }) => relative(root, folder))

/** The folders of the drivers and the indexes: they take core as a peer. */
const drivers = readPackages().filter(({ manifest }) => manifest.peerDependencies !== undefined).map(({ folder }) => relative(root, folder))

describe('versions, as docs/decisions/0013 has them', () => {
  let copy: string
  const versions = (): Record<string, string> => Object.fromEntries(folders.map((folder) => [folder, readManifest(join(copy, folder)).version]))

  beforeAll(async () => {
    copy = await copyRepository()
    await release(copy)
  })
  afterAll(() => rm(copy, { recursive: true, force: true }))

  it('begin with 1.0.0, and with a changelog', () => {
    for (const [folder, version] of Object.entries(versions())) {
      expect(version, folder).toMatch(/^[1-9]/)
      expect(readFileSync(join(copy, folder, 'CHANGELOG.md'), 'utf8')).toContain(`\n## ${version}\n`)
    }
    expect(readManifest(join(copy, 'tests')).version).toBe('0.0.0')
  })

  it('let a minor of core out alone: drivers and indexes that are published take it', async () => {
    const before = versions()
    const ranges: (string | undefined)[] = []
    for (const folder of drivers) ranges.push(await publishedPeer(copy, folder))
    await addChangeset(copy, "'@registry/core': minor", 'A capability more.')
    await release(copy)
    expect(versions()).toEqual({ ...before, 'packages/core': raised(before['packages/core'], 'minor') })
    // A caret takes every minor of its major, from 1.0 on.
    expect(ranges).toEqual(drivers.map(() => `^${String(before['packages/core'])}`))
    expect(readFileSync(join(copy, 'packages/core/CHANGELOG.md'), 'utf8')).toMatch(/## \d+\.\d+\.0\n\n### Minor Changes\n\n- [\da-f]*:? ?A capability more\.\n/)
  })

  it('let a patch of a driver ask for the core that it was tested with', async () => {
    const before = versions()
    await addChangeset(copy, "'@registry/driver-file': patch", 'A mistake less.')
    await release(copy)
    expect(versions()).toEqual({ ...before, 'packages/driver-file': raised(before['packages/driver-file'], 'patch') })
    expect(await publishedPeer(copy, 'packages/driver-file')).toBe(`^${String(before['packages/core'])}`)
  })

  it('take a major of core, which is another contract, to every driver and index', async () => {
    const before = versions()
    await addChangeset(copy, "'@registry/core': major", 'Contract 2.')
    await release(copy)
    for (const folder of ['packages/core', ...drivers]) expect(versions()[folder], folder).toBe(raised(before[folder], 'major'))
  })
})

/** The version that is next by such a change. */
function raised(version: string | undefined, by: 'major' | 'minor' | 'patch'): string {
  const [major = 0, minor = 0, patch = 0] = (version ?? '').split('.').map(Number)
  return { major: `${major + 1}.0.0`, minor: `${major}.${minor + 1}.0`, patch: `${major}.${minor}.${patch + 1}` }[by]
}

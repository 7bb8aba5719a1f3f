import { join } from 'node:path'
import { satisfies } from 'semver'
import { describe, expect, it } from 'vitest'
import { readManifest, readPackages, root } from './repository.js'

const { engines, license } = readManifest(root)

describe.each(readPackages().map(({ manifest, folder }) => [manifest.name, manifest, folder] as const))('package.json of %s', (_name, manifest, folder) => {
  it('has the form that all packages share', () => {
    expect(manifest).toMatchObject({ engines, license, type: 'module', sideEffects: false, files: ['dist'] })
    expect(manifest).toMatchObject({ publishConfig: { access: 'public', provenance: true } })
    expect(manifest.private).toBeUndefined()
  })

  it('is found by its keywords: those that look for a driver or an index search for them', () => {
    expect(manifest.keywords).toContain('container-registry')
    const [, kind] = /^@registry\/(driver|index)-/.exec(manifest.name) ?? []
    expect(manifest.keywords?.filter((keyword) => keyword.startsWith('registry-'))).toEqual(kind === undefined ? [] : [`registry-${kind}`])
  })

  it('exports types first, and itself', () => {
    const { './package.json': itself, ...entries } = manifest.exports ?? {}
    expect(itself).toBe('./package.json')
    for (const [path, target] of Object.entries(entries)) {
      expect(Object.keys(target), path).toEqual(['types', 'default'])
      const { types, default: code } = target as Record<string, string>
      expect(types, path).toBe(code?.replace(/\.js$/, '.d.ts'))
    }
  })

  it('takes packages of the house from the workspace, and core as a peer in drivers and indexes', () => {
    const all = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies }
    for (const [name, range] of Object.entries(all)) if (name.startsWith('@registry/')) expect(range, name).toBe('workspace:^')
    if (/\/(driver|index)-/.test(manifest.name)) {
      expect(manifest.peerDependencies).toHaveProperty('@registry/core')
      expect(manifest.dependencies ?? {}).not.toHaveProperty('@registry/core')
    }
  })

  it('takes from others only what runs on each Node that it says it runs on', () => {
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      const { engines: { node = '*' } = {} } = readManifest(join(folder, 'node_modules', dependency))
      expect(satisfies('20.19.0', node), `${dependency} asks for ${node}`).toBe(true)
    }
  })
})

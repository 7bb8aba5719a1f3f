import { contents, one, signature, two } from './content.js'
import type { Operation } from './operations.js'
import { repositories } from './workload.js'
import { prepare, type Setting } from './setting.js'

export function blobsIn(repository: string, blobs: readonly string[] = contents): readonly Operation[] {
  return blobs.map((blob) => ({ kind: 'push blob', repository, blob, chunks: [blob] }))
}

const hour = 3_600_000

const imagesInA: readonly Operation[] = [
  ...blobsIn('a'),
  { kind: 'push', repository: 'a', image: one, tag: 't' },
  { kind: 'push', repository: 'a', image: two, tag: 'u' },
  { kind: 'push', repository: 'a', image: signature },
]
/** A row holds no more than the text of the smallest manifest does not fit in. */
const limits = { valueBytes: 1400 }

/** How things stand before a run by seed. Leases are over where so much time passed. */
const all: readonly (() => Promise<Setting>)[] = [
  () => prepare({ repositories, operations: [] }),
  () => prepare({ repositories, operations: blobsIn('a'), pass: 49 * hour }),
  () => prepare({ repositories, operations: imagesInA }),
  () => prepare({ repositories, operations: imagesInA, pass: 49 * hour }),
  () => prepare({ repositories, operations: [...imagesInA, ...blobsIn('b', ['config', 'base']), { kind: 'push', repository: 'b', image: two, tag: 't' }], pass: 30 * hour }),
]
const withTexts: readonly (() => Promise<Setting>)[] = [
  () => prepare({ repositories, operations: blobsIn('a'), limits, pass: 49 * hour }),
  () => prepare({ repositories, operations: imagesInA, limits }),
]

const described: readonly (() => Promise<Setting>)[] = [
  () => prepare({ repositories, operations: [], search: true }),
  () => prepare({ repositories, operations: imagesInA, search: true }),
]

/** Where descriptions follow what is pushed. */
export function describedSettings(): readonly (() => Promise<Setting>)[] {
  return rememberedDescribed
}

/** With texts of manifests in objects of their own, or in rows. */
export function settings(inObjects: boolean): readonly (() => Promise<Setting>)[] {
  return inObjects ? rememberedTexts : remembered
}

const remembered = all.map(once)
const rememberedTexts = withTexts.map(once)
const rememberedDescribed = described.map(once)

function once(make: () => Promise<Setting>): () => Promise<Setting> {
  let made: Promise<Setting> | undefined
  return () => (made ??= make())
}

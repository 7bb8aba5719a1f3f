import type { Access } from './capacity-units.js'

/** What was read and written in partitions of one kind. */
export interface Load {
  readonly writeUnits: number
  readonly readUnits: number
}

/** Kinds of partitions whose names are the first two digits of random ids: each access may be in any of 256. */
const atRandom = ['due', 'objects', 'pushes', 'uploads']

/** The load of each kind of partition, by what the names of its partitions begin with, all partitions together. */
export function loadByKind(accesses: readonly Access[]): Readonly<Record<string, Load>> {
  return loads(accesses, ({ partition }) => kindOf(partition))
}

/** The most that falls on one partition of each kind: of ids at random, where no two fall into the same. */
export function heaviestByKind(accesses: readonly Access[]): Readonly<Record<string, Load>> {
  const byPartition = loads(accesses, ({ partition, sort }) => (atRandom.includes(kindOf(partition)) ? `${kindOf(partition)}/${sort ?? ''}` : partition))
  const heaviest: Record<string, Load> = {}
  for (const [partition, { writeUnits, readUnits }] of Object.entries(byPartition)) {
    const before = heaviest[kindOf(partition)] ?? { writeUnits: 0, readUnits: 0 }
    heaviest[kindOf(partition)] = { writeUnits: Math.max(before.writeUnits, writeUnits), readUnits: Math.max(before.readUnits, readUnits) }
  }
  return heaviest
}

function loads(accesses: readonly Access[], nameOf: (access: Access) => string): Readonly<Record<string, Load>> {
  const found: Record<string, Load> = {}
  for (const access of accesses) {
    const name = nameOf(access)
    const { writeUnits, readUnits } = found[name] ?? { writeUnits: 0, readUnits: 0 }
    const isWrite = access.kind === 'write'
    found[name] = { writeUnits: writeUnits + (isWrite ? access.units : 0), readUnits: readUnits + (isWrite ? 0 : access.units) }
  }
  return found
}

function kindOf(partition: string): string {
  return partition.split('/')[0]!
}

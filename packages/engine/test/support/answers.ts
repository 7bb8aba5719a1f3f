import type { Json } from '@registry/core'
import type { Bench } from './bench.js'

/**
 * What a registry can be asked, as its rows: everything that a rebuild has to bring back. Leases, incarnations and ids of
 * notes are a registry's own affair, as long as they fit together.
 */
export async function answersOf(bench: Bench): Promise<Record<string, Json>> {
  const { rows } = await bench.world()
  const kinds = ['repositories/', 'tags/', 'tagged/', 'manifests/', 'referrers/', 'blobs/', 'objects/', 'used/', 'links/']
  const asked = Object.entries(rows).filter(([key, value]) => kinds.some((kind) => key.startsWith(kind)) && isExplained(key, value, rows))
  return Object.fromEntries(asked.map(([key, value]) => [key, plain(key, value, rows)]))
}

const ownAffair: ReadonlySet<string> = new Set(['lease', 'verified', 'due', 'incarnation'])

function plain(key: string, value: Json, rows: Readonly<Record<string, Json>>): Json {
  const fields = Object.entries(value as Readonly<Record<string, Json>>).filter(([name]) => !ownAffair.has(name))
  if (!key.startsWith('links/')) return Object.fromEntries(fields)
  const digest = key.slice(key.indexOf(' ') + 1)
  const blob = Object.entries(rows).find(([other]) => other.startsWith('blobs/') && other.endsWith(` ${digest}`))?.[1]
  return { leads: (blob as { incarnation?: string } | undefined)?.incarnation === (value as { incarnation?: string }).incarnation }
}

/** Blobs and links that no manifest of the repository explains are not in storage, but for the bytes. */
function isExplained(key: string, value: Json, rows: Readonly<Record<string, Json>>): boolean {
  const [partition, sort] = key.split(' ') as [string, string]
  const { digest = sort, repository } = key.startsWith('objects/') ? (value as { digest: string; repository?: string }) : {}
  const edges = Object.keys(rows).filter((other) => other.startsWith(`used/${digest} `))
  if (key.startsWith('links/')) return edges.some((edge) => edge.startsWith(`used/${digest} ${partition.slice('links/'.length)}@`))
  return !/^(?:blobs|objects)\//.test(key) || repository !== undefined || edges.length > 0
}

import { RegistryError } from '@registry/core'
import { readObject } from '../../src/body.js'
import type { Context } from '../../src/context.js'
import { rowKeys } from '../../src/keyspace.js'
import { putRow, readRow } from '../../src/row-store.js'
import { markBlob } from '../../src/verify/change-blob.js'
import { digestOf } from '../support/images.js'
import type { World } from './world.js'

/** Rules of the verifier that a variant breaks. */
export interface VerifierRules {
  /** Marks the row whatever became of it. */
  readonly marksBlindly?: boolean
}

/** Reads a blob of one object, and marks it as corrupt where its bytes are wrong. */
export async function verify(context: Context, world: World, content: string, { marksBlindly }: VerifierRules = {}): Promise<void> {
  const { driver, index } = context
  const key = rowKeys.blob(digestOf(content))
  const row = await readRow(index, key)
  const object = row?.value.objects[0]?.key
  if (!row || object === undefined || row.value.state === 'corrupt') return
  try {
    if ((await readObject(driver.open(object))).toString() === content) return
  } catch (error) {
    // The object has gone, and the row with it.
    if (RegistryError.is(error, 'NOT_FOUND')) return
    throw error
  }
  if (marksBlindly) await index.commit([putRow(key, { ...row.value, state: 'corrupt' })])
  else if ((await markBlob(context, digestOf(content), row.value)) !== 'marked') return
  world.known.add(object)
}

/** The bytes of a blob of one object go wrong by themselves. */
export function damage(world: World, content: string): void {
  for (const { value } of world.rowsOf<{ readonly objects: readonly { readonly key: string }[] }>(`blobs/${digestOf(content).slice(7, 9)}`)) {
    for (const { key } of value.objects) {
      world.objects.set(key, { bytes: Buffer.from(content.toUpperCase()), modified: new Date(world.now) })
      world.damaged.add(key)
    }
  }
}

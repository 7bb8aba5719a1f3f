import type { Call } from '@registry/core'
import type { Store } from './store.js'

/**
 * Sends blocks to the blob `name`, some at the same time, without making them visible.
 * Azure forgets blocks that are never committed after a week.
 *
 * @returns their bytes
 */
export async function stageBlocks(
  store: Store, key: string, name: string, first: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>, call: Call,
): Promise<number> {
  const { container, requests, options: { concurrency } } = store
  const client = container.getBlockBlobClient(name)
  const underWay = new Set<Promise<void>>()
  const ids: string[] = []
  let size = 0
  const stage = async (block: Uint8Array): Promise<void> => {
    const id = Buffer.from(String(ids.length).padStart(6, '0')).toString('base64')
    ids.push(id)
    size += block.length
    const sending = requests.send({ operation: 'put', key }, call.signal, async (abortSignal) => {
      await client.stageBlock(id, block, block.length, { abortSignal })
    })
    // A block that fails ends the whole call, also where the body keeps it waiting.
    const sent: Promise<void> = sending.catch((error: unknown) => { call.abort(error) }).finally(() => { underWay.delete(sent) })
    underWay.add(sent)
    if (underWay.size >= concurrency) await Promise.race(underWay)
    call.signal.throwIfAborted()
  }
  try {
    for (const block of first) await stage(block)
    for await (const block of rest) await stage(block)
  } finally {
    await Promise.all(underWay)
  }
  call.signal.throwIfAborted()
  try {
    await requests.send({ operation: 'put', key }, call.signal, (abortSignal) => client.commitBlockList(ids, { abortSignal }))
  } catch (error) {
    await removeBlob(store, name)
    throw error
  }
  return size
}

/** Removes a temporary blob, if it is there. What cannot be removed is no reason to fail: it is invisible. */
export async function removeBlob({ container, requests }: Store, name: string): Promise<void> {
  const removing = requests.send({ operation: 'put' }, undefined, (abortSignal) => container.getBlobClient(name).deleteIfExists({ abortSignal }))
  await removing.catch(() => undefined)
}

import { randomUUID } from 'node:crypto'
import { type Body, type Call, checkedBody, type PutOptions } from '@registry/core'
import { blocksOf } from './blocks.js'
import { copyObject } from './copy.js'
import { stageBlocks } from './stage.js'
import type { Store } from './store.js'

/** Stores the body whole: in one request where it is one block, else in blocks under another name, which is then copied. */
export async function putObject(store: Store, key: string, body: Body, { size }: PutOptions, call: Call): Promise<{ readonly size: number }> {
  const { options: { objectBytes, blockBytes } } = store
  const blocks = blocksOf(checkedBody(body, { size, objectBytes, signal: call.signal }), blockBytes)
  try {
    const first = (await blocks.next()).value ?? new Uint8Array()
    const second = await blocks.next()
    call.signal.throwIfAborted()
    if (second.done) return await putBlob(store, key, first)
    const temporary = store.names.temporary(randomUUID())
    const stored = await stageBlocks(store, key, temporary, [first, second.value], blocks, call)
    await copyObject(store, key, temporary, call.signal)
    return { size: stored }
  } finally {
    await blocks.return()
  }
}

// Once the last byte is on its way, only the answer tells whether it was stored: an abort does not end this request.
async function putBlob({ container, names, requests }: Store, key: string, bytes: Uint8Array): Promise<{ readonly size: number }> {
  await requests.send({ operation: 'put', key, outcome: 'unknown' }, undefined, (abortSignal) =>
    container.getBlockBlobClient(names.of(key)).upload(bytes, bytes.length, { abortSignal }))
  return { size: bytes.length }
}

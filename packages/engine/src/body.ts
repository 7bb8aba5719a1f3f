import type { Body, OpenObject } from '@registry/core'

/** Some bytes as a body. */
export async function* bodyOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes
}

/** All bytes of a body. */
export async function readBody(body: Body): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  // A chunk is the source's again as soon as the next one is asked for, so it is copied.
  for await (const chunk of body) chunks.push(Uint8Array.from(chunk))
  return Buffer.concat(chunks)
}

/** All bytes of an object, which is released after it. */
export async function readObject(opening: Promise<OpenObject>): Promise<Buffer> {
  const object = await opening
  try {
    return await readBody(object.body)
  } finally {
    await object[Symbol.asyncDispose]()
  }
}

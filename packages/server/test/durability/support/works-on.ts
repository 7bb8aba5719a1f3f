import { newBook } from './book.js'
import { contentOf, imageOf } from './content.js'
import { pushBlob } from './push-blob.js'
import { pushManifest } from './push-manifest.js'
import type { Send } from './send.js'
import { verify } from './verify.js'

/** Pushes an image as any client would, and sees that it is there. */
export async function worksOn(send: Send): Promise<void> {
  const book = newBook({ deletes: false })
  const repository = 'after/the-crash'
  const layer = contentOf(Buffer.from(`a layer that is pushed at ${performance.now()}`))
  await pushBlob(book, send, 'docker', { repository, blob: layer })
  await pushManifest(book, send, repository, imageOf([layer], 'after'), 'latest')
  await verify(book, send, { sessionsMayFallBack: false })
}

import { type Digest, splitDigest } from '@registry/core'
import { startDigest } from '../digester.js'
import { readPatiently } from '../rebuild/patient-read.js'
import { type ObjectTrouble, troubleOf } from '../rebuild/restore-blobs.js'
import type { Blob } from '../rows.js'
import { readStored } from '../stored-body.js'
import type { VerifyContext } from './verify-context.js'

/** What is wrong with the bytes of a blob, if something is. They are read where the verification is a deep one, and never held. */
export async function bytesTrouble(context: VerifyContext, digest: Digest, blob: Blob): Promise<ObjectTrouble | undefined> {
  const bytes = blob.objects.reduce((sum, { size }) => sum + size, 0)
  if (bytes !== blob.size) return { reason: `its objects have ${bytes} bytes together, and not the ${blob.size} of the blob` }
  const trouble = await troubleOf(context, blob)
  if (trouble || !context.deep) return trouble
  const read = await readPatiently(context, () => digestOfBytes(context, digest, blob))
  if ('reason' in read) return { reason: `it cannot be read: ${read.reason}`, isUnread: true }
  return read.value === digest ? undefined : { reason: `its bytes have the digest ${read.value}` }
}

async function digestOfBytes({ driver, signal, count }: VerifyContext, digest: Digest, { objects }: Blob): Promise<Digest> {
  const digester = startDigest(splitDigest(digest).algorithm)
  for await (const chunk of readStored(driver, objects, { signal, reuse: true })) {
    digester.update(chunk)
    count('bytes', chunk.byteLength)
  }
  return digester.digest()
}

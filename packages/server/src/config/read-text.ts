import { createReadStream } from 'node:fs'
import { RegistryError } from '@registry/core'

/** A larger file is refused by its first bytes. */
const maxBytes = 16 * 1024 * 1024

/**
 * Reads a file that somebody wrote by hand.
 *
 * @param name - what it is called in messages
 * @param hint - what to do where it does not exist
 * @throws `CONFIG` where it cannot be read
 */
export async function readText(path: string, name: string, hint: string): Promise<string> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of createReadStream(path, { end: maxBytes })) chunks.push(chunk as Buffer)
  } catch (error) {
    throw new RegistryError('CONFIG', `${name} ${reasonOf(error as NodeJS.ErrnoException, hint)}`, { cause: error })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (error) {
    throw new RegistryError('CONFIG', `${name} is no text in UTF-8; save it as such`, { cause: error })
  }
}

function reasonOf(error: NodeJS.ErrnoException, hint: string): string {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: `does not exist; ${hint}`,
    ENOTDIR: `does not exist; ${hint}`,
    EISDIR: 'is a folder; name a file',
    EACCES: 'may not be read by this user; check its permissions',
  }
  return reasons[error.code ?? ''] ?? `cannot be read: ${String(error)}`
}

import { mountSmallDisk, type SmallDisk } from '../../support/small-disk.js'
import { type Book, newBook, UnexpectedAnswer } from './book.js'
import { type Content, imageOf } from './content.js'
import type { Pair } from './pairs.js'
import { pushBlob } from './push-blob.js'
import { pushManifest } from './push-manifest.js'
import { connectTo, type Send, shown } from './send.js'
import { startServer } from './server-process.js'
import { verify } from './verify.js'

/** A registry whose disk becomes full. */
export interface FullDisk {
  readonly disk: SmallDisk
  readonly book: Book
  readonly send: Send
  /** Does something for which there is no room. It has to be answered in words that a client can show. */
  refused(what: string, work: () => Promise<unknown>): Promise<void>
  /** Does something that fits or does not. Resolves with whether it did. */
  fits(what: string, work: () => Promise<unknown>): Promise<boolean>
  /** Kills the registry, and starts it again on the same disk. */
  restart(): Promise<void>
  /** Sees that everything is as it was answered, and takes what the registry shows where no answer has told. */
  look(): Promise<void>
}

/** Starts a registry on a disk of its own. */
export async function startOnSmallDisk(pair: Pair, size: string): Promise<FullDisk> {
  const disk = mountSmallDisk(size)
  let server = await startServer(pair.serve(disk.path))
  let connection = connectTo(server.address)
  const send: Send = (...sent) => connection.send(...sent)
  const book = newBook({ deletes: false })
  const fits = async (what: string, work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work()
      return true
    } catch (error) {
      if (!(error instanceof UnexpectedAnswer)) throw error
      const { answer } = error
      const [first] = answer.status === 507 ? errorsOf(answer.body) : []
      const leak = ['    at ', 'node_modules', disk.path].find((each) => answer.body.includes(each))
      if (first?.code === 'NO_SPACE' && first.message !== '' && leak === undefined) return false
      throw new Error(`${what}: expected 507 with NO_SPACE and a message alone, since the disk is full; got ${shown(answer)}`, { cause: error })
    }
  }
  return {
    disk,
    book,
    send,
    fits,
    async refused(what, work) {
      if (await fits(what, work)) throw new Error(`${what}: expected 507, since the disk is full, but it was done`)
    },
    async restart() {
      connection.close()
      await server.kill()
      server = await startServer(pair.serve(disk.path))
      connection = connectTo(server.address)
    },
    async look() {
      for (const [name, state] of await verify(book, send, { sessionsMayFallBack: false })) book.ledger.observe(name, state)
    },
  }
}

function errorsOf(body: Buffer): readonly { readonly code: string; readonly message: string }[] {
  return (JSON.parse(body.toString('utf8')) as { readonly errors: readonly { readonly code: string; readonly message: string }[] }).errors
}

/** Pushes an image of one layer. */
export async function pushImage({ book, send }: FullDisk, repository: string, layer: Content, tag: string): Promise<void> {
  await pushBlob(book, send, 'docker', { repository, blob: layer })
  await pushManifest(book, send, repository, imageOf([layer], tag), tag)
}

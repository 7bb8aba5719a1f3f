import type { Book } from './book.js'
import { absent } from './ledger.js'
import { appendUpload, finishUpload } from './push-blob.js'
import type { Random } from './random.js'
import type { Send } from './send.js'
import { parseThing } from './things.js'

/** Goes on with the sessions that are there: some get more bytes, some are finished. */
export async function continueSessions(book: Book, send: Send, random: Random): Promise<void> {
  for (const [name, blob] of book.sessions) {
    const [state] = book.ledger.possible(name)
    if (state === undefined || state === absent || random.chance(0.3)) continue
    const { repository, name: id } = parseThing(name)
    const from = Number(state)
    const to = from + Math.floor((blob.bytes.length - from) / 2)
    if (to > from) await appendUpload(book, send, { repository, id, from, to })
    if (random.chance(0.7)) await finishUpload(book, send, { repository, id, from: Math.max(to, from) })
  }
}

/** Sends the rest of every session that is there. */
export async function finishSessions(book: Book, send: Send): Promise<void> {
  for (const name of book.sessions.keys()) {
    const [state = absent] = book.ledger.possible(name)
    if (state === absent) continue
    const { repository, name: id } = parseThing(name)
    await finishUpload(book, send, { repository, id, from: Number(state) })
  }
}

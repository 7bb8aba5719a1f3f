import type { Content, ManifestContent } from './content.js'
import { type Effect, type Ledger, type LedgerEvent, newLedger } from './ledger.js'
import { type Answer, type Send, type SendOptions, shown } from './send.js'

/** What the clients of a test sent and were answered. */
export interface Book {
  readonly ledger: Ledger
  /** What the ledger was told, in order. */
  readonly events: readonly LedgerEvent[]
  /** Every blob and manifest that was made, by digest. */
  readonly blobs: Map<string, Content>
  readonly manifests: Map<string, ManifestContent>
  /** The blob that an upload session is to become. */
  readonly sessions: Map<string, Content>
  /** Whether this registry deletes manifests and blobs. */
  readonly deletes: boolean
  /** Sends a request that changes something. */
  attempt(send: Send, wanted: Attempt): Promise<Answer>
}

export interface Attempt extends SendOptions {
  readonly method: string
  readonly path: string
  readonly effects: readonly Effect[]
  /** Effects that only the answer tells, such as the id of a session. */
  readonly learn?: (answer: Answer) => readonly Effect[]
  /** The status that says that it was done. */
  readonly done: number
  /** Those that say that it was refused, as it may be. */
  readonly refused?: readonly number[]
}

/** Of all books: a ledger may be told of the requests of several. */
let requests = 0

/** @param other - a book whose contents this one knows as well, and a ledger to go on with */
export function newBook({ deletes }: { readonly deletes: boolean }, other?: Pick<Book, 'blobs' | 'manifests' | 'sessions' | 'ledger'>): Book {
  const ledger = other?.ledger ?? newLedger()
  const events: LedgerEvent[] = []
  const tell = (event: LedgerEvent): void => {
    events.push(event)
    ledger.apply(event)
  }
  return {
    ledger,
    events,
    blobs: new Map(other?.blobs),
    manifests: new Map(other?.manifests),
    sessions: new Map(other?.sessions),
    deletes,
    async attempt(send, { method, path, effects, learn = () => [], done, refused = [], ...options }) {
      const id = requests++
      tell({ kind: 'sent', id, effects })
      const answer = await send(method, path, options)
      const { exchange } = answer
      if (answer.status === done) tell({ kind: 'done', id, exchange, effects: learn(answer) })
      else if (refused.includes(answer.status)) tell({ kind: 'refused', id, exchange })
      else throw new UnexpectedAnswer(`${method} ${path}: expected ${[done, ...refused].join(' or ')}, got ${shown(answer)}`, answer)
      return answer
    },
  }
}

/** An answer that no crash explains. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer'

  constructor(
    message: string,
    readonly answer: Answer,
  ) {
    super(message)
  }
}

/** Whether manifests and blobs can be deleted here: to what is not there, another answer than "not supported". */
export async function answersDeletes(send: Send): Promise<boolean> {
  const nothing = `sha256:${'0'.repeat(64)}`
  const answers = await Promise.all([send('DELETE', `/v2/nothing/manifests/${nothing}`), send('DELETE', `/v2/nothing/blobs/${nothing}`)])
  return answers.every(({ status }) => status === 404)
}

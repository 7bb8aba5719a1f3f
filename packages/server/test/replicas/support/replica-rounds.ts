import { type Book, newBook } from '../../durability/support/book.js'
import { contentOf } from '../../durability/support/content.js'
import { continueSessions } from '../../durability/support/continue-sessions.js'
import type { Random } from '../../durability/support/random.js'
import type { Send } from '../../durability/support/send.js'
import type { ServerProcess } from '../../durability/support/server-process.js'
import { verify } from '../../durability/support/verify.js'
import { type Workload, workloadOf } from '../../durability/support/workload.js'
import { hopAmong, withEach } from './hop.js'
import type { ReplicaOptions, SharedStorage } from './shared-storage.js'
import { takeTurn } from './take-turn.js'

export interface RoundsOptions {
  readonly random: Random
  readonly rounds: number
  /** How each of the replicas is started. */
  readonly kinds: readonly ReplicaOptions[]
  /** Whether a request may be answered 503, so that nobody knows whether it was done. Default `false`. */
  readonly unavailable?: boolean
}

/** Replicas at work, and what their clients were answered. */
export interface Replicas {
  readonly book: Book
  readonly running: readonly ServerProcess[]
}

interface Running {
  readonly kind: ReplicaOptions
  readonly server: ServerProcess
}

const clients = 4
/** Turns that a client takes while one of the replicas is killed, and once another has come in its place. */
const turns = 5
const mostAnswers = 60

/**
 * Lets clients push, tag and delete, each request through any of the replicas; kills one of these in the middle, and starts
 * another one in its place while the others are at work; and looks whether everything is on every replica as it was
 * answered. Again and again.
 */
export async function replicaRounds(storage: SharedStorage, { random, rounds, kinds, unavailable = false }: RoundsOptions): Promise<Replicas> {
  const running: Running[] = await Promise.all(kinds.map(async (kind) => ({ kind, server: await storage.startReplica(kind) })))
  const servers = (): readonly ServerProcess[] => running.map(({ server }) => server)
  const book = newBook({ deletes: true })
  const common = Array.from({ length: 6 }, () => contentOf(random.bytes(64 + random.below(20_000))))
  const workloads = Array.from({ length: clients }, (_, n) =>
    workloadOf(book, { own: `own/${n}`, shared: 'shared', random: random.fork(), blobBytes: 40_000, common }),
  )

  const replaceOne = async (): Promise<void> => {
    const [{ kind, server }] = running.splice(random.below(running.length), 1) as [Running]
    await server.kill()
    running.push({ kind, server: await storage.startReplica(kind) })
  }
  for (let round = 1; round <= rounds; round++) {
    const answers = 1 + random.below(mostAnswers)
    await workAround(workloads, { servers, random, answers, replaceOne, unavailable })
    try {
      await lookEverywhere(book, servers(), random)
    } catch (error) {
      throw new Error(`after round ${round}, in which one was killed at answer ${answers}: ${(error as Error).message}`, { cause: error })
    }
  }
  return { book, running: servers() }
}

interface Work {
  readonly servers: () => readonly ServerProcess[]
  readonly random: Random
  /** How many there are before one is killed. */
  readonly answers: number
  readonly replaceOne: () => Promise<void>
  readonly unavailable: boolean
}

async function workAround(workloads: readonly Workload[], { servers, random, answers, replaceOne, unavailable }: Work): Promise<void> {
  let replaced: Promise<void> | undefined
  let seen = 0
  const work = async (workload: Workload): Promise<void> => {
    const connection = hopAmong(servers, random.fork())
    const send: Send = async (...sent) => {
      const answer = await connection.send(...sent)
      if (++seen >= answers) replaced ??= replaceOne()
      return answer
    }
    const takeTurns = async (): Promise<void> => {
      for (let turn = 0; turn < turns; turn++) await takeTurn(workload, send, { unavailable })
    }
    try {
      await takeTurns()
      await (replaced ??= replaceOne())
      await takeTurns()
    } finally {
      connection.close()
    }
  }
  await Promise.all(workloads.map(work))
}

/** Sees that every replica shows the same, as it was answered, and that sessions go on through all of them. */
async function lookEverywhere(book: Book, servers: readonly ServerProcess[], random: Random): Promise<void> {
  const [first, ...others] = servers
  await withEach([first!], async ({ send }) => {
    const observed = await verify(book, send, { sessionsMayFallBack: false })
    for (const [thing, state] of observed) book.ledger.observe(thing, state)
  })
  await withEach(others, ({ send }) => verify(book, send, { sessionsMayFallBack: false }))
  const connection = hopAmong(() => servers, random)
  await continueSessions(book, connection.send, random).finally(() => { connection.close() })
}

import { setTimeout as sleep } from 'node:timers/promises'
import { answersDeletes, type Book, newBook, UnexpectedAnswer } from './book.js'
import { contentOf } from './content.js'
import { continueSessions } from './continue-sessions.js'
import type { Served } from './pairs.js'
import { type Random, randomOf } from './random.js'
import { connectTo, type Send } from './send.js'
import { type ServerProcess, startServer } from './server-process.js'
import { verify } from './verify.js'
import { type Workload, workloadOf } from './workload.js'

export interface KillOptions {
  readonly rounds: number
  readonly seed: number
}

const clients = 4
/** How long a registry is left at work at the most. */
const longestMilliseconds = 500
const mostAnswers = 150

/** When a registry is killed: at any moment, or while it still sends the n-th answer. */
type Moment = { readonly milliseconds: number } | { readonly answers: number }

/**
 * Lets clients push, tag and delete, kills the registry in the middle, starts it again on the same data, and looks
 * whether everything is as it was answered; again and again.
 */
export async function killRounds(served: Served, disk: string, { rounds, seed }: KillOptions): Promise<void> {
  const random = randomOf(seed)
  let server = await startServer(served.serve(disk))
  const book = newBook({ deletes: await deletesOf(server) })
  const common = Array.from({ length: 6 }, () => contentOf(random.bytes(64 + random.below(20_000))))
  const workloads = Array.from({ length: clients }, (_, n) =>
    workloadOf(book, { own: `own/${n}`, shared: 'shared', random: random.fork(), blobBytes: 40_000, common }),
  )
  for (let round = 1; round <= rounds; round++) {
    const moment: Moment = random.chance(0.5) ? { milliseconds: random.below(longestMilliseconds) } : { answers: 1 + random.below(mostAnswers) }
    await workUntilKilled(server, workloads, moment)
    try {
      server = await startServer(served.serve(disk))
      await lookAround(book, server, random)
    } catch (error) {
      throw new Error(`after kill ${round} (${JSON.stringify(moment)}): ${(error as Error).message}`, { cause: error })
    }
  }
  await server.stop()
  server = await startServer(served.serve(disk))
  await lookAround(book, server, random)
}

async function deletesOf({ address }: ServerProcess): Promise<boolean> {
  const connection = connectTo(address)
  try {
    return await answersDeletes(connection.send)
  } finally {
    connection.close()
  }
}

/** Lets every client work until the registry is killed. */
async function workUntilKilled(server: ServerProcess, workloads: readonly Workload[], moment: Moment): Promise<void> {
  let killed: Promise<void> | undefined
  const kill = (): void => {
    killed ??= server.kill()
  }
  let answers = 0
  const work = async (workload: Workload): Promise<void> => {
    const connection = connectTo(server.address)
    const send: Send = async (...sent) => {
      const answer = await connection.send(...sent)
      if ('answers' in moment && ++answers >= moment.answers) kill()
      return answer
    }
    try {
      while (killed === undefined) await workload.turn(send)
    } catch (error) {
      if (killed === undefined || error instanceof UnexpectedAnswer) throw error
    } finally {
      connection.close()
    }
  }
  const working = Promise.all(workloads.map(work))
  // A client that failed ends the round at once, and the test with it.
  if ('milliseconds' in moment) await Promise.race([sleep(moment.milliseconds), working]).finally(kill)
  await working.finally(kill)
  await killed
}

/** Sees that all is as it was answered, and that the registry works on. */
async function lookAround(book: Book, server: ServerProcess, random: Random): Promise<void> {
  const connection = connectTo(server.address)
  try {
    const observed = await verify(book, connection.send, { sessionsMayFallBack: false })
    for (const [thing, state] of observed) book.ledger.observe(thing, state)
    await continueSessions(book, connection.send, random)
    const after = workloadOf(book, { own: 'after', shared: 'after', random, blobBytes: 5000, common: [contentOf(random.bytes(100))] })
    await after.turn(connection.send)
  } finally {
    connection.close()
  }
  // Where the test has its data is told at each start.
  const errors = server.errors.filter((line) => !line.endsWith('choose another for what is to last'))
  if (errors.length > 0) throw new Error(`expected nothing in the log, got ${errors.join('\n')}`)
}

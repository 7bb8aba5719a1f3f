import { mkdtempSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { answersDeletes, type Book, newBook } from './book.js'
import { contentOf } from './content.js'
import { crashesOf, type CrashOptions, type Recording } from './crashes.js'
import { newFolder } from './disk-nodes.js'
import { finishSessions } from './continue-sessions.js'
import { withRegistry } from './in-process.js'
import { type Ledger, newLedger } from './ledger.js'
import type { Pair } from './pairs.js'
import { randomOf } from './random.js'
import { startRecorder } from './recorder.js'
import { connectTo, type Send } from './send.js'
import { type ServerProcess, startServer } from './server-process.js'
import { stateFolder } from './state-folder.js'
import { verify } from './verify.js'
import { type Workload, workloadOf } from './workload.js'
import { worksOn } from './works-on.js'

const clients = 2
/** Turns of each client after a start on data that is there. */
const laterTurns = 3

export interface RegistryCrashOptions extends CrashOptions {
  /** Whether the index is lost as well, so that what storage holds has to be enough. */
  readonly indexLost?: boolean
}

/**
 * Records what a registry does to its disk while clients use it; then looks at every state in which a power loss could
 * have left that disk. The registry has to start on it, has to have what it had answered, and has to work on.
 *
 * @returns how many states it looked at
 */
export async function losePowerOfRegistry(pair: Pair, { indexLost = false, ...options }: RegistryCrashOptions): Promise<number> {
  const { book, recording } = await record(pair, options.seed)
  const states = stateFolder()
  let count = 0
  let recorded: ReadonlySet<string> = new Set()
  for (const { tree, where, answered } of crashesOf(recording, options)) {
    count++
    recorded = answered
    try {
      await states.use(tree, recording.folder, async (disk) => {
        if (indexLost) await pair.loseIndex(disk)
        const then = newBook(book, { ...book, ledger: ledgerThen(book, answered) })
        await withRegistry({ ...(await pair.open(disk)), indexLost }, async (send) => {
          const observed = await verify(then, send, { sessionsMayFallBack: true, blobsMayBeGone: indexLost })
          for (const [thing, state] of observed) then.ledger.observe(thing, state)
          await finishSessions(then, send)
          await worksOn(send)
        })
      })
    } catch (error) {
      throw new Error(`${where}: ${(error as Error).message}`, { cause: error })
    }
  }
  requireWhole(book, recorded)
  return count
}

/** A record that ends early would let everything after it go unseen. */
function requireWhole({ events }: Book, recorded: ReadonlySet<string>): void {
  const missing = events.filter((event) => event.kind !== 'sent' && !recorded.has(event.exchange))
  if (missing.length === 0) return
  throw new Error(`expected every answer in the record, but ${missing.length} are missing, such as ${JSON.stringify(missing[0])}`)
}

async function record(pair: Pair, seed: number): Promise<{ readonly book: Book; readonly recording: Recording }> {
  const folder = mkdtempSync(join(tmpdir(), 'registry-recorded-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const disk = join(folder, 'disk')
  await mkdir(disk)
  const recorders = ['first', 'second'].map((name) => startRecorder(join(folder, name)))
  const start = (number: number): Promise<ServerProcess> => startServer([...recorders[number]!.command, ...pair.serve(disk)])

  const first = await start(0)
  const book = newBook({ deletes: await deletesOf(first) })
  const workloads = workloadsOf(book, seed)
  await work(first, workloads, (workload, send) => workload.everyTurn(send))
  await first.stop()
  const second = await start(1)
  await work(second, workloads, async (workload, send) => {
    for (let turn = 0; turn < laterTurns; turn++) await workload.turn(send)
  })
  await second.kill()
  return { book, recording: { folder: disk, before: newFolder, processes: await Promise.all(recorders.map(({ moments }) => moments)) } }
}

async function deletesOf({ address }: ServerProcess): Promise<boolean> {
  const connection = connectTo(address)
  try {
    return await answersDeletes(connection.send)
  } finally {
    connection.close()
  }
}

function workloadsOf(book: Book, seed: number): readonly Workload[] {
  const random = randomOf(seed)
  const common = Array.from({ length: 3 }, () => contentOf(random.bytes(300)))
  return Array.from({ length: clients }, (_, n) =>
    workloadOf(book, { own: `own/${n}`, shared: 'shared', random: random.fork(), blobBytes: 2000, common }),
  )
}

type Use = (workload: Workload, send: Send) => Promise<void>

async function work({ address }: ServerProcess, workloads: readonly Workload[], use: Use): Promise<void> {
  await Promise.all(
    workloads.map(async (workload) => {
      const connection = connectTo(address)
      try {
        await use(workload, connection.send)
      } finally {
        connection.close()
      }
    }),
  )
}

/** What the clients knew when these answers had been given. Nobody sends a request before the answers that it had by then. */
function ledgerThen(book: Book, answered: ReadonlySet<string>): Ledger {
  const ledger = newLedger()
  let later = false
  for (const event of book.events) {
    if (event.kind !== 'sent' && !answered.has(event.exchange)) later = true
    else if (event.kind !== 'sent' || !later) ledger.apply(event)
  }
  return ledger
}

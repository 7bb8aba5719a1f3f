import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { newBook } from '../durability/support/book.js'
import { contentOf } from '../durability/support/content.js'
import { type Random, randomOf } from '../durability/support/random.js'
import { chosenSeed, withSeed } from '../durability/support/seed.js'
import { verify } from '../durability/support/verify.js'
import { type Workload, workloadOf } from '../durability/support/workload.js'
import { answersOf } from '../support/answers.js'
import { describeReplicas } from './support/describe-replicas.js'
import { findings } from './support/findings.js'
import { type Address, hopAmong, withEach } from './support/hop.js'
import { questionsOf } from './support/questions.js'
import { refusalOf, untilReady } from './support/ready.js'
import { sharedStorage } from './support/shared-storage.js'
import { takeTurn } from './support/take-turn.js'

const clients = 3
const tenMinutes = 600_000

type Answers = Awaited<ReturnType<typeof answersOf>>

/** Asks until it is over. What has an answer has the one from before. */
async function read({ address }: Address, before: Answers, ask: () => Promise<Answers>, isOver: () => boolean): Promise<number> {
  let refused = 0
  while (!isOver()) {
    for (const [question, answer] of Object.entries(await ask())) {
      if (answer.status === 503) refused++
      else expect(answer, `${question} of ${address}`).toEqual(before[question])
    }
  }
  return refused
}

/** Writes until it is over, through any of these. */
async function write(workload: Workload, replicas: readonly Address[], random: Random, isOver: () => boolean): Promise<void> {
  const connection = hopAmong(() => replicas, random)
  try {
    // A client that is told to come again does not do so at once.
    while (!isOver()) if (!(await takeTurn(workload, connection.send, { unavailable: true }))) await sleep(100)
  } finally {
    connection.close()
  }
}

describeReplicas(() => {
  it('say of nothing that it is gone, and lose nothing, when the tables are deleted under them and made anew', { timeout: 300_000 }, async () => {
    const [storage, seed] = [await sharedStorage(), chosenSeed()]
    await withSeed(seed, async () => {
      const random = randomOf(seed)
      const old = await Promise.all([{}, {}, { ahead: random.pick([tenMinutes, -tenMinutes]) }].map((kind) => storage.startReplica(kind)))
      const [fixed, changing] = [newBook({ deletes: true }), newBook({ deletes: true })]
      const common = [contentOf(random.bytes(300))]
      const workloadIn = (book: typeof fixed, own: string, shared: string): Workload =>
        workloadOf(book, { own, shared, random: random.fork(), blobBytes: 2000, common })
      const writers = Array.from({ length: clients }, (_, n) => workloadIn(changing, `own/${n}`, 'shared'))
      const first = hopAmong(() => old, random)
      for (const workload of [workloadIn(fixed, 'fixed', 'fixed/shared'), ...writers]) await workload.everyTurn(first.send)
      first.close()
      const questions = questionsOf(fixed)
      const before = await answersOf(`http://${old[0]!.address}`, questions)

      let over = false
      const isOver = (): boolean => over
      const work = Promise.all([
        Promise.all(old.map((replica) => read(replica, before, () => answersOf(`http://${replica.address}`, questions), isOver))),
        ...writers.map((workload) => write(workload, old, random.fork(), isOver)),
      ])
      const replace = async (): Promise<Address> => {
        await storage.dropTables()
        const replica = await storage.startReplica()
        await untilReady([replica])
        const refusals = async (): Promise<void> => { expect(await Promise.all(old.map(refusalOf))).toEqual(old.map(() => 'TAKEN_OVER')) }
        await vi.waitFor(refusals, { timeout: 60_000, interval: 100 })
        return replica
      }
      const [[refused], fresh] = await Promise.all([work, replace().finally(() => { over = true })])
      expect(Math.min(...refused)).toBeGreaterThan(0)

      await Promise.all(old.map((replica) => replica.stop()))
      const all = [fresh, ...(await Promise.all(old.map(() => storage.startReplica())))]
      await withEach(all, async ({ send }, n) => {
        expect(await answersOf(`http://${all[n]!.address}`, questions)).toEqual(before)
        for (const book of [fixed, changing]) await verify(book, send, { sessionsMayFallBack: true, blobsMayBeGone: true })
      })
      expect(await findings(storage)).toEqual([])
    })
  })
})

import { expect, it, vi } from 'vitest'
import { randomOf } from '../durability/support/random.js'
import { chosenSeed, withSeed } from '../durability/support/seed.js'
import { verify } from '../durability/support/verify.js'
import { answersOf } from '../support/answers.js'
import { describeReplicas } from './support/describe-replicas.js'
import { findings } from './support/findings.js'
import { withEach } from './support/hop.js'
import { questionsOf } from './support/questions.js'
import { refusalOf, untilReady } from './support/ready.js'
import { type Replicas, replicaRounds } from './support/replica-rounds.js'
import { type SharedStorage, sharedStorage } from './support/shared-storage.js'
import { watchedWay } from './support/watch-rebuild.js'

const rounds = Number(process.env['DURABILITY_ROUNDS'] ?? 2)
const timeout = rounds * 60_000 + 300_000
const tenMinutes = 600_000
const soon = { timeout: 120_000, interval: 20 }

describeReplicas(() => {
  it('keep what they have answered, whichever is killed and whatever time it has, also when the tables are lost', { timeout }, async () => {
    const [storage, seed] = [await sharedStorage(), chosenSeed()]
    await withSeed(seed, async () => {
      const random = randomOf(seed)
      const worked = await replicaRounds(storage, { random, rounds, kinds: [{}, {}, { ahead: random.pick([tenMinutes, -tenMinutes]) }] })
      // What was never answered need not be recorded, until somebody finishes what the dead left.
      expect(await findings(storage)).toEqual([])
      await makesTheSameIndexAnew(storage, worked)
    })
  })
})

/** All end, the tables are lost, all start at once; who makes the index anew is killed in the middle, and another one takes over. */
async function makesTheSameIndexAnew(storage: SharedStorage, { book, running }: Replicas): Promise<void> {
  const questions = questionsOf(book)
  const [before, ...others] = await Promise.all(running.map(({ address }) => answersOf(`http://${address}`, questions)))
  for (const other of others) expect(other).toEqual(before)
  await Promise.all(running.map((replica) => replica.stop()))
  for (const { errors } of running) expect(errors).toEqual([])
  await storage.dropTables()

  const ways = await Promise.all([1, 2, 3].map(() => watchedWay(storage.dynamodb)))
  const batches = ways.map((way) => way.holdBatch(2))
  const replicas = await Promise.all(ways.map(({ endpoint }) => storage.startReplica({ dynamodb: endpoint })))
  await vi.waitFor(() => { expect(batches.filter(({ struck }) => struck > 0)).toHaveLength(1) }, soon)
  const working = batches.findIndex(({ struck }) => struck > 0)
  await withEach(replicas, async ({ send }) => {
    for (const path of ['/v2/shared/tags/list', '/v2/shared/manifests/latest', '/v2/_catalog']) {
      expect(await send('GET', path)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
    }
  })
  expect(await Promise.all(replicas.map(refusalOf))).toEqual(['REBUILDING', 'REBUILDING', 'REBUILDING'])
  expect(ways.map((way) => way.steps() > 0)).toEqual(ways.map((_, n) => n === working))

  await replicas[working]!.kill()
  const left = replicas.filter((_, n) => n !== working)
  await vi.waitFor(() => { expect(ways.filter((way, n) => n !== working && way.steps() > 0)).toHaveLength(1) }, soon)
  // What the dead one sent comes late, after another has begun to work.
  await batches[working]!.release()
  await untilReady(left)
  expect(ways.filter((way, n) => n !== working && way.steps() > 0)).toHaveLength(1)
  const all = [...left, await storage.startReplica()]
  await withEach(all, async ({ send }, n) => {
    expect(await answersOf(`http://${all[n]!.address}`, questions)).toEqual(before)
    await verify(book, send, { sessionsMayFallBack: true, blobsMayBeGone: true })
  })
  expect(await findings(storage)).toEqual([])
}

import { startDynamodbProxy } from '@registry/services/dynamodb-proxy'
import { expect, it, onTestFinished } from 'vitest'
import { newBook } from '../durability/support/book.js'
import { contentOf, imageOf } from '../durability/support/content.js'
import { pushBlob } from '../durability/support/push-blob.js'
import { pushManifest } from '../durability/support/push-manifest.js'
import { randomOf } from '../durability/support/random.js'
import { chosenSeed, withSeed } from '../durability/support/seed.js'
import type { Send } from '../durability/support/send.js'
import { verify } from '../durability/support/verify.js'
import { describeReplicas } from './support/describe-replicas.js'
import { findings } from './support/findings.js'
import { hopAmong } from './support/hop.js'
import { replicaRounds } from './support/replica-rounds.js'
import { sharedStorage } from './support/shared-storage.js'

const attempts = 3

describeReplicas(() => {
  it('lose nothing that they answered where DynamoDB fails now and then, and clients that try again get through', { timeout: 300_000 }, async () => {
    const [storage, seed] = [await sharedStorage(), chosenSeed()]
    await withSeed(seed, async () => {
      const random = randomOf(seed)
      const proxy = await startDynamodbProxy({ endpoint: storage.dynamodb })
      onTestFinished(() => proxy.close())
      const kind = { dynamodb: proxy.endpoint }
      const choices = random.fork()
      const weather = proxy.weather({ probability: 0.04, random: () => choices.below(2 ** 31) / 2 ** 31 })
      const { running } = await replicaRounds(storage, { random, rounds: 1, kinds: [kind, kind, kind], unavailable: true })

      const connection = hopAmong(() => running, random)
      const patient: Send = async (...sent) => {
        for (let attempt = 1; ; attempt++) {
          const answer = await connection.send(...sent)
          if (answer.status !== 503 || attempt === attempts) return answer
        }
      }
      const book = newBook({ deletes: false })
      for (let n = 0; n < 10; n++) {
        const layer = contentOf(random.bytes(5000))
        await pushBlob(book, patient, 'monolithic', { repository: 'patient', blob: layer })
        await pushManifest(book, patient, 'patient', imageOf([layer], String(n)), `v${n}`)
      }
      await verify(book, patient, { sessionsMayFallBack: false })
      connection.close()
      expect(weather.struck).toBeGreaterThan(100)
      weather.remove()
      expect(await findings(storage)).toEqual([])
    })
  })
})

import type { Random } from '../../durability/support/random.js'
import { type Connection, connectTo } from '../../durability/support/send.js'

/** One of several that answer for the same registry. */
export interface Address {
  /** `host:port` */
  readonly address: string
}

/** A replica was ended while it had a request: whether it did it, nobody knows. */
export class ReplicaGone extends Error {
  override readonly name = 'ReplicaGone'
}

/**
 * A client that sends each request to any of the replicas, as through a load balancer that knows no sessions.
 *
 * @param running - asked at each request; who ends one takes it out before
 */
export function hopAmong(running: () => readonly Address[], random: Random): Connection {
  const connections = new Map<string, Connection>()
  return {
    async send(...sent) {
      const { address } = random.pick(running())
      const connection = connections.get(address) ?? connectTo(address)
      connections.set(address, connection)
      try {
        return await connection.send(...sent)
      } catch (error) {
        if (running().some((replica) => replica.address === address)) throw error
        throw new ReplicaGone(`${address} was ended`, { cause: error })
      }
    },
    close() {
      for (const connection of connections.values()) connection.close()
    },
  }
}

/** Lets each of them be asked over a connection of its own. */
export async function withEach(replicas: readonly Address[], use: (connection: Connection, n: number) => Promise<unknown>): Promise<void> {
  await Promise.all(
    replicas.map(async ({ address }, n) => {
      const connection = connectTo(address)
      try {
        await use(connection, n)
      } finally {
        connection.close()
      }
    }),
  )
}

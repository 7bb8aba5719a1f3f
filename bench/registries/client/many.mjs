import { Connection } from './connection.mjs'

/** Opens connections to a port, lends them, and closes them. */
export async function withConnections(port, count, use) {
  const connections = await Promise.all(Array.from({ length: count }, () => Connection.open(port)))
  try {
    return await use(connections)
  } finally {
    for (const connection of connections) connection.close()
  }
}

/**
 * Has each connection do something again and again until the time is over or it says `stop()`, and whatever was begun come to its end.
 *
 * @param step - does it once, and resolves with how much that was
 * @returns how much was done in how many seconds
 */
export async function repeat(connections, seconds, step) {
  const start = performance.now()
  const deadline = start + seconds * 1000
  let amount = 0
  await Promise.all(
    connections.map(async (connection, worker) => {
      let isStopped = false
      const stop = () => {
        isStopped = true
        return 0
      }
      while (!isStopped && performance.now() < deadline) {
        const done = await step(connection, { worker, stop })
        amount += done
      }
    }),
  )
  return { amount, seconds: (performance.now() - start) / 1000 }
}

/** The same for what takes long and is better counted in bytes: those that have come when the time is over. */
export async function receive(connections, seconds, step) {
  const total = () => connections.reduce((sum, { bytesRead }) => sum + bytesRead, 0)
  const start = performance.now()
  const before = total()
  let isOver = false
  const counted = new Promise((resolve) => {
    setTimeout(() => {
      isOver = true
      resolve({ amount: total() - before, seconds: (performance.now() - start) / 1000 })
    }, seconds * 1000)
  })
  const running = connections.map(async (connection) => {
    while (!isOver) await step(connection)
  })
  await Promise.all(running)
  return counted
}

// The load generator, as a process of its own: what it takes of the machine is not counted as a server's, nor the other way round.
import { loadNamed } from '../loads/index.mjs'

process.on('message', ({ load, task, ...options }) => {
  loadNamed(load)
    [task]?.(options)
    .then(
      (result) => process.send({ result }),
      (error) => process.send({ error: error.message }),
    )
})
process.once('disconnect', () => process.exit(0))
process.send('ready')

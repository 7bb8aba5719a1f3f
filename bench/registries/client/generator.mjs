import { fork } from 'node:child_process'
import { once } from 'node:events'

const program = new URL('process.mjs', import.meta.url)

/** The process that makes the load. */
export class Generator {
  #child
  #ended

  static async start() {
    const generator = new Generator()
    generator.#child = fork(program)
    generator.#ended = once(generator.#child, 'exit').then(([code]) => [{ error: `the load generator ended with ${code}` }])
    await once(generator.#child, 'message')
    return generator
  }

  /** Has a load prepared, or run, and resolves with what comes of it. */
  async do(load, task, options) {
    this.#child.send({ load: load.name, task, ...options })
    const [{ error, result }] = await Promise.race([once(this.#child, 'message'), this.#ended])
    if (error) throw new Error(`${load.name}: ${error}`)
    return result
  }

  get pid() {
    return this.#child.pid
  }

  close() {
    // Ctrl-C reaches it too.
    if (this.#child.connected) this.#child.disconnect()
  }
}

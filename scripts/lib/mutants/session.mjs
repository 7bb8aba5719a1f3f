import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onInterrupt } from '../run-tool.mjs'
import { toolEnvironment } from '../workspace.mjs'

const program = fileURLToPath(new URL('session-process.mjs', import.meta.url))
const longestCloseMs = 30_000
/** That a property fails is enough: nobody reads a smaller example. */
const withoutShrinking = { FC_SHRINK_MS: '0' }

const running = new Set()
onInterrupt(() => running.forEach(killGroup))

/** One vitest for many runs, in a process group of its own, so that whatever a test started ends with it. */
export class Session {
  #child
  #ended

  /** @param folder the package's */
  constructor(folder) {
    const env = { ...toolEnvironment(), ...withoutShrinking }
    this.#child = fork(program, { cwd: folder, env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], detached: true })
    running.add(this.#child)
    this.#ended = once(this.#child, 'exit').then(() => {
      running.delete(this.#child)
      killGroup(this.#child)
    })
  }

  get hasEnded() {
    return !running.has(this.#child)
  }

  /**
   * Runs the tests of `file` that `names` fits, and with `bail: 1` none after the first that fails; `changed` are the
   * files that are patched. Resolves with those that ran: `{ title, status, message }`. Where that does not end in time,
   * the session is ended, and nothing ran.
   */
  async run(order, longestMs) {
    const timer = setTimeout(killGroup, longestMs, this.#child)
    this.#child.send(order, () => undefined)
    const [ran] = await Promise.race([once(this.#child, 'message'), this.#ended.then(() => [[]])])
    clearTimeout(timer)
    return ran
  }

  async end() {
    if (this.hasEnded) return
    const timer = setTimeout(killGroup, longestCloseMs, this.#child)
    this.#child.disconnect()
    await this.#ended
    clearTimeout(timer)
  }
}

function killGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

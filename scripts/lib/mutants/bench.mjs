import { join } from 'node:path'
import { copyWorkspace } from './copy.mjs'
import { packageOf, patternOf } from './named-tests.mjs'
import { Session } from './session.mjs'

/** For the start, and for each test. */
const longestMs = { start: 120_000, test: 10_000 }

/** A copy of the packages, and the session that runs tests in it. */
export class Bench {
  #copy = copyWorkspace()
  #home
  #session

  get folder() {
    return this.#copy.folder
  }

  /** Runs tests of one file. `changed` are the files that are patched. Resolves with those that ran, as `Session.run` does. */
  async run(tests, { changed = [], bail = 0 } = {}) {
    const { file } = tests[0]
    const session = await this.#sessionFor(packageOf(file))
    const names = `(?:${tests.map((test) => patternOf(test).source).join('|')})`
    return session.run({ file: join(this.folder, file), names, changed, bail }, longestMs.start + longestMs.test * tests.length)
  }

  /** One at a time: each takes some hundred megabytes. */
  async #sessionFor(home) {
    if (this.#home !== home || this.#session.hasEnded) {
      await this.#session?.end()
      this.#home = home
      this.#session = new Session(join(this.folder, home))
    }
    return this.#session
  }

  async remove() {
    await this.#session?.end()
    this.#copy.remove()
  }
}

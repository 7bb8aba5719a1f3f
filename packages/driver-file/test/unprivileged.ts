import { spawn } from 'node:child_process'
import { chown } from 'node:fs/promises'
import { json } from 'node:stream/consumers'

const nobody = 65534

/** `['chmod', path, mode]`, or a method of the driver and its key. */
export type Step = readonly ['chmod', string, number] | readonly ['start' | 'head' | 'open' | 'put' | 'delete' | 'list' | 'names', string]

/** What a step came to: its value, or the error in parts. */
export interface Outcome {
  readonly value?: unknown
  readonly code?: string
  readonly message?: string
  readonly operation?: string
  readonly key?: string
}

/**
 * Takes the steps in a process of its own to which permissions apply: root reads and writes whatever it likes.
 * It loads the built driver first, so that it does not matter who may read that.
 */
export async function takeSteps(directory: string, steps: readonly Step[]): Promise<Outcome[]> {
  if (process.getuid?.() === 0) await chown(directory, nobody, nobody)
  const options = ['--input-type=module', '--eval', script, directory, JSON.stringify(steps)]
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] })
  return (await json(child.stdout)) as Outcome[]
}

const script = `
import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileDriver } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url))}
if (process.getuid() === 0) {
  process.setgroups([])
  process.setgid(${nobody})
  process.setuid(${nobody})
}
const [directory, steps] = process.argv.slice(1)
async function* body() {
  yield Buffer.from('bytes')
}
async function all(items, pick) {
  const found = []
  for await (const item of items) found.push(pick(item))
  return found
}
let driver
const step = {
  start: async (path) => { driver = await fileDriver({ root: join(directory, path) }) },
  chmod: (path, mode) => chmod(join(directory, path), mode),
  names: async (path) => (await readdir(join(directory, path))).sort(),
  head: async (key) => (await driver.head(key))?.size,
  open: async (key) => {
    const object = await driver.open(key)
    try {
      return Buffer.concat(await all(object.body, (chunk) => chunk)).toString()
    } finally {
      await object[Symbol.asyncDispose]()
    }
  },
  put: async (key) => (await driver.put(key, body())).size,
  delete: (key) => driver.delete([key]),
  list: (prefix) => all(driver.list({ prefix }), ({ key }) => key),
}
const outcomes = []
for (const [name, ...rest] of JSON.parse(steps)) {
  outcomes.push(await step[name](...rest).then(
    (value) => ({ value }),
    ({ code, message, operation, key }) => ({ code, message, operation, key }),
  ))
}
console.log(JSON.stringify(outcomes))
`

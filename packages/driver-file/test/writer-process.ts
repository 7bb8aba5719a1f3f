import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Another process that is in the middle of a put. */
export interface Writer {
  /** Ends it as a power switch would. */
  kill(): Promise<void>
  /** Lets the rest of the body come; what the process says at its end. */
  finish(): Promise<string>
}

const script = `
import { once } from 'node:events'
import { fileDriver } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url))}
const [root, key] = process.argv.slice(1)
const driver = await fileDriver({ root })
async function* body() {
  yield Buffer.from('first half, ')
  process.stdout.write('waiting')
  await once(process.stdin, 'data')
  yield Buffer.from('second half')
}
await driver.put(key, body())
process.stdout.write('done')
process.exit()
`

/** Starts a process that puts half an object and then waits. It runs the built driver. */
export async function startWriter(root: string, key: string): Promise<Writer> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, root, key], { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const said = async (): Promise<string> => String((await Promise.race([once(child.stdout, 'data'), closed]))[0])
  const first = await said()
  if (first !== 'waiting') throw new Error(`the writer ended before it waited: ${first}`)
  return {
    async kill() {
      child.kill('SIGKILL')
      await closed
    },
    async finish() {
      const answer = said()
      child.stdin.write('go on')
      const text = await answer
      await closed
      return text
    },
  }
}

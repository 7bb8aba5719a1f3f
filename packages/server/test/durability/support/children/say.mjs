import { writeSync } from 'node:fs'

let requests = 0

/** Tells on stdout, in one line and one system call, what the ledger of the test is to know. */
function say(event) {
  writeSync(1, `${JSON.stringify(event)}\n`)
}

/** Does something that has these effects once it is done. */
export async function told(effects, work) {
  const id = requests++
  say({ kind: 'sent', id, effects })
  await work()
  say({ kind: 'done', id, exchange: '', effects: [] })
}

/** Does something that may be undone. */
export async function untold(effects, work) {
  say({ kind: 'sent', id: requests++, effects })
  await work()
}

/** Does something that fixes what was done before. */
export async function fixing(effects, work) {
  const id = requests++
  say({ kind: 'sent', id, effects: [] })
  await work()
  say({ kind: 'done', id, exchange: '', effects })
}

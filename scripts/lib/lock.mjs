import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { onInterrupt } from './run-tool.mjs'
import { stateFolder } from './workspace.mjs'

const file = join(stateFolder, 'lock')

function tryLock() {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  }
}

/** The process that holds the lock, or undefined where it is gone. */
function holder() {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    process.kill(pid, 0)
    return pid
  } catch (error) {
    return error.code === 'EPERM' ? 'of another user' : undefined
  }
}

/** Runs `action` while no other `npm start` or `npm test` in this folder installs or builds; waits for one that does. */
export async function withLock(action) {
  mkdirSync(stateFolder, { recursive: true })
  for (let attempt = 0; !tryLock(); attempt++) {
    const other = holder()
    if (other === undefined) rmSync(file, { force: true })
    else if (attempt % 30 === 0) console.log(`Another start or test run (process ${other}) installs or builds here; waiting for it.`)
    await wait(500)
  }
  const unlock = () => rmSync(file, { force: true })
  const withdraw = onInterrupt(unlock)
  try {
    return await action()
  } finally {
    unlock()
    withdraw()
  }
}

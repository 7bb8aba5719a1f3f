import { readFile, readlink } from 'node:fs/promises'
import { errnoOf } from './errors.js'

/**
 * Tells one process from every other, also from a later one of the same number: boot, namespace of process numbers, number, time of its start.
 * `elsewhere` where the system does not tell (it is no Linux): such a process is never known to be dead.
 */
export async function ownMark(): Promise<string> {
  try {
    const [boot, namespace, started] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readlink('/proc/self/ns/pid'),
      startOf(process.pid),
    ])
    return [boot.replaceAll(/[^0-9a-f]/g, ''), namespace.replaceAll(/[^0-9]/g, ''), process.pid, started].join('-')
  } catch {
    return 'elsewhere'
  }
}

/**
 * Whether the process of the mark is certainly dead. One of another machine, or of another container, is not known to be:
 * nothing here can see it.
 */
export async function isCertainlyDead(mark: string, own: string): Promise<boolean> {
  const [boot, namespace, pid, started] = mark.split('-')
  const [ownBoot, ownNamespace] = own.split('-')
  if (started === undefined || boot !== ownBoot || namespace !== ownNamespace) return false
  if (!isRunning(Number(pid))) return true
  // A process that we may not look at is left alone.
  const now = await startOf(Number(pid)).catch(() => started)
  return now !== started
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errnoOf(error) !== 'ESRCH'
  }
}

/** Field 22 of `/proc/PID/stat`; the second, in parentheses, may hold anything. */
async function startOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]!
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Contract } from './contracts.js'
import { crashesOf, type CrashOptions, type Recording } from './crashes.js'
import { type LedgerEvent, newLedger } from './ledger.js'
import { prepareDisk } from './prepared-disk.js'
import { startRecorder } from './recorder.js'
import { stateFolder } from './state-folder.js'

/**
 * Records what a driver or an index alone does to its disk; then opens it on every state in which a power loss could have
 * left that disk. It has to show what it had told by then, and has to work on.
 *
 * @returns how many states it looked at
 */
export async function losePowerOfContract(contract: Contract, options: CrashOptions): Promise<number> {
  const { recording, output } = await record(contract)
  const states = stateFolder()
  let count = 0
  let recorded: readonly string[] = []
  for (const { tree, where, said } of crashesOf(recording, options)) {
    count++
    recorded = said
    try {
      await states.use(tree, recording.folder, (disk) => look(contract, disk, said))
    } catch (error) {
      throw new Error(`${where}: ${(error as Error).message}`, { cause: error })
    }
  }
  // A record that ends early would let everything after it go unseen.
  if (recorded.join('\n') !== output.trimEnd()) throw new Error(`expected the record to show the whole output, got its first ${recorded.length} lines`)
  return count
}

async function look(contract: Contract, disk: string, said: readonly string[]): Promise<void> {
  const ledger = newLedger()
  for (const line of said) ledger.apply(JSON.parse(line) as LedgerEvent)
  // Whoever made these folders makes them again where they are lost.
  for (const folder of contract.before.folders) await mkdir(join(disk, folder), { recursive: true })
  await using opened = await contract.open(disk)
  for (const thing of ledger.things) {
    const possible = ledger.possible(thing)
    const state = await opened.stateOf(thing)
    if (!possible.has(state)) throw new Error(`${thing}: expected ${[...possible].join(' or ')}, as it was told; got ${state}`)
  }
  await opened.worksOn()
}

async function record(contract: Contract): Promise<{ readonly recording: Recording; readonly output: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'registry-recorded-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const disk = join(folder, 'disk')
  const recorder = startRecorder(join(folder, 'record'))
  const before = prepareDisk(disk, contract.before)
  const script = fileURLToPath(new URL(`./children/${contract.program}.mjs`, import.meta.url))
  const [program, ...args] = [...recorder.command, process.execPath, script, contract.package, JSON.stringify(contract.options(disk))]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, UV_USE_IO_URING: '0' } })
  const output = child.stdout.setEncoding('utf8').toArray() as Promise<string[]>
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`expected ${contract.program} to succeed, but it ended with ${String(code)}`)
  const recording = { folder: disk, before, processes: [await recorder.moments] }
  return { recording, output: (await output).join('') }
}

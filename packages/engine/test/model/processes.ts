import type { Model, Move } from './explore.js'
import { commit, copyWorld, read, without as omit, withEntry, type Change, type Process, type Row, type World } from './index-model.js'

/** What one step of a process can do: one call of the index or of storage, and its own memory. */
export interface Turn {
  readonly world: World
  readonly name: string
  readonly memory: Process['memory']
  /** One get. */
  readonly read: (key: string) => Row | undefined
  /** What this process read of a key before. */
  readonly seen: (key: string) => Row | undefined
  /** One commit; false is a CONFLICT. */
  readonly commit: (...changes: Change[]) => boolean
  /** Drops what was read, so that states that differ only in it become one. */
  readonly forget: () => void
}

/** Returns the name of the next step; a name that the program does not have is the end of the process. */
export type Step = (turn: Turn) => string

/** Steps by name; where chance decides (an answer is lost, a time is over), several by what happens. */
export type Program = Readonly<Record<string, Step | Readonly<Record<string, Step>>>>

export interface System {
  readonly programs: Readonly<Record<string, Program>>
  readonly rows: Readonly<Record<string, Row>>
  readonly objects?: readonly string[]
  readonly facts?: World['facts']
  readonly crashes?: number
  /** Processes that start when another one starts them: their place is `waiting`. */
  readonly waiting?: readonly string[]
  readonly invariants: Model<World>['invariants']
}

/** Every process may take its next step, or die; the lease of any row may run out. */
export function system({ programs, rows, objects = [], facts = {}, crashes = 0, waiting = [], invariants }: System): Model<World> {
  const processes = Object.fromEntries(Object.entries(programs).map(([name, program]) =>
    [name, { at: waiting.includes(name) ? 'waiting' : Object.keys(program)[0]!, reads: {}, memory: {} }]))
  const sorted = Object.fromEntries(Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1)))
  const start: World = { rows: sorted, objects: {}, facts, crashes, processes }
  for (const object of objects) start.objects = withEntry(start.objects, object, true)
  return { start, copy: copyWorld, invariants, moves: (world) => [...processMoves(world, programs), ...leaseMoves(world)] }
}

/** The same system where some processes never start. */
export function without(model: Model<World>, ...names: readonly string[]): Model<World> {
  const start = copyWorld(model.start)
  for (const name of names) start.processes = omit(start.processes, name)
  return { ...model, start }
}

function processMoves(world: World, programs: System['programs']): Move<World>[] {
  return Object.entries(world.processes).flatMap(([name, { at }]) => {
    const step = programs[name]![at]
    if (!step) return []
    const moves = typeof step === 'function'
      ? [stepMove(name, at, step, programs[name]!)]
      : Object.entries(step).map(([chance, alternative]) => stepMove(name, `${at}, ${chance}`, alternative, programs[name]!))
    if (world.crashes > 0) moves.push({ name: `${name} DIES`, apply: (next) => { next.crashes--; end(next.processes[name]!, 'dead') } })
    return moves
  })
}

function stepMove(name: string, label: string, step: Step, program: Program): Move<World> {
  return {
    name: `${name}: ${label}`,
    apply: (world) => {
      const process = world.processes[name]!
      const before = process.at
      const next = step({
        world, name, memory: process.memory,
        read: (key) => read(world, process, key),
        seen: (key) => process.reads[key]?.row ?? undefined,
        commit: (...changes) => commit(world, process, changes),
        forget: () => { process.reads = {} },
      })
      if (next in program) process.at = next
      else end(process, next)
      return next === before ? undefined : next
    },
  }
}

/** What a finished process knew makes no difference any more. */
function end(process: Process, at: string): undefined {
  process.at = at
  process.reads = {}
  process.memory = {}
}

/** A lease ends by the clock: the row and its revision stay as they are, and the promises that hang on it end. */
function leaseMoves(world: World): Move<World>[] {
  return Object.entries(world.rows).filter(([, row]) => row.lease).map(([key, row]) => ({
    name: `time: the lease of ${key} is over`,
    apply: (next) => {
      next.rows[key] = { ...row, lease: false }
      if (next.facts['promised'] !== undefined) next.facts['promised'] = false
      return undefined
    },
  }))
}

export function storeObject(world: World, object: string): void {
  world.objects = withEntry(world.objects, object, true)
}

export function deleteObject(world: World, object: string): void {
  world.objects = omit(world.objects, object)
}

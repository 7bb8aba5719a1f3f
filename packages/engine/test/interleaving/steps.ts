import { collide, type Touch } from './footprints.js'
import type { Run } from './run.js'
import { type Choice, type Fate, type Move, moveOf, type PendingCall, wire } from './scheduler.js'

/** How many processes may still be killed, and how many answers be lost. */
export interface Budget {
  kills: number
  losses: number
}

/** Something that may happen next. It has the same name in every run that comes to the same by another order. */
export interface Step {
  readonly name: string
  readonly process: string
  readonly touches: readonly Touch[]
  readonly isMishap: boolean
  readonly isKill: boolean
}

/** A step with what the scheduler needs to take it. */
export interface PossibleStep {
  readonly step: Step
  readonly move: Move
}

/** Everything that may happen next, in an order that does not depend on which process came first. */
export function possibleSteps({ scheduler }: Run, budget: Budget, alive: ReadonlySet<string>): readonly PossibleStep[] {
  const calls = scheduler.pending
  const busy = [...alive].filter((process) => budget.kills > 0 && calls.some((call) => call.process === process))
  const choices = [
    ...scheduler.proceeds(),
    ...calls.filter(({ kind, process }) => process === wire || (budget.losses > 0 && kind !== 'read')).flatMap((call) => scheduler.mishaps(call)),
    ...busy.map((process) => scheduler.kills(process)),
  ]
  return choices.map((choice) => ({ step: stepOf(choice, calls), move: moveOf(choice) })).sort((a, b) => (a.step.name < b.step.name ? -1 : 1))
}

function stepOf(choice: Choice, calls: readonly PendingCall[]): Step {
  if (choice.what === 'kill') return { name: `${choice.process} killed`, process: choice.process, touches: [], isMishap: true, isKill: true }
  const { call, fate } = choice
  const { process, label, touches } = call
  const twin = calls.filter((other) => other.process === process && other.label === label).indexOf(call)
  return { name: `${process} ${label} ${twin} ${fate}`, process, touches, isMishap: isMishap(fate), isKill: false }
}

function isMishap(fate: Fate): boolean {
  return fate !== 'answered' && fate !== 'dropped'
}

/** What a choice takes of a budget, and of those that are alive. */
export function spend(choice: Choice, budget: Budget, alive: Set<string>): void {
  if (choice.what === 'kill') {
    budget.kills--
    alive.delete(choice.process)
  } else if (isMishap(choice.fate)) budget.losses--
}

/**
 * Whether two steps that are possible at the same moment come to the same in either order, neither of which hinders the
 * other. What a process does side by side counts as done by two.
 */
export function commute(one: Step, other: Step): boolean {
  if (one.isMishap && other.isMishap) return false
  if ((one.isKill || other.isKill) && one.process === other.process) return false
  return !one.touches.some((touch) => other.touches.some((another) => collide(touch, another)))
}

/** Steps of which one has to come first, where a call is of no consequence to others: what may become of that call. */
export function enoughOf(possible: readonly PossibleStep[], own: PossibleStep): readonly PossibleStep[] {
  return possible.filter(({ move, step }) => ('call' in move ? 'call' in own.move && move.call === own.move.call : step.process === own.step.process))
}

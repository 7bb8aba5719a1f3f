import type { Model } from './explore.js'
import { closeUpload, closingWire, expireUpload, trashWorker, type CloseRules, type TrashRules } from './close-upload.js'
import { collector, isLive, type CollectorRules } from './collector.js'
import { put, type Expectation, type World } from './index-model.js'
import { system, type Program } from './processes.js'
import { push } from './push.js'

export interface VerifierRules {
  /** What the mark expects of the row. */
  readonly expect?: Expectation
}

/** Reads the bytes of the blob, and marks its row corrupt where they are bad or missing. */
export function verifier({ expect = 'as read' }: VerifierRules): Program {
  return {
    'read row': (turn) => turn.read('blob')?.state === 'live' ? 'read bytes' : 'read row',
    'read bytes': (turn) => {
      const object = turn.seen('blob')!.object!
      if (object !== 'old' && turn.world.objects[object]) { turn.forget(); return 'read row' }
      return 'mark'
    },
    'mark': (turn) => {
      if (turn.commit(put('blob', { ...turn.seen('blob')!, state: 'corrupt' }, expect))) turn.world.facts['known'] = true
      turn.forget()
      return 'read row'
    },
  }
}

export interface HealingRules {
  readonly close?: CloseRules
  readonly verifier?: VerifierRules
  readonly collector?: CollectorRules
  readonly trash?: TrashRules
}

const invariants: Model<World>['invariants'] = {
  'every object that a blob row lists exists': ({ rows, objects }) => !rows['blob'] || objects[rows['blob'].object!] === true,
  'every object is named by a row or a note': ({ rows, objects }) =>
    Object.keys(objects).every((object) => rows['blob']?.object === object || rows[`upload ${object}`] || rows[`trash ${object}`]),
  'bytes known to be bad are never good again': ({ rows, facts }) =>
    facts['known'] !== true || rows['blob']?.object !== 'old' || rows['blob'].state === 'corrupt',
  'a healed blob stays healed': ({ rows }) => rows['blob']?.state !== 'corrupt' || rows['blob'].object === 'old',
}

/** The blob's object `old` is bad, which nobody knows yet; two sessions have good bytes of the same digest. */
export function healing(rules: HealingRules = {}): Model<World> {
  return system({
    programs: {
      first: closeUpload(rules.close),
      second: closeUpload(rules.close),
      verifier: verifier(rules.verifier ?? {}),
      trash: trashWorker(rules.trash),
      collector: collector({ notes: true, ...rules.collector }),
    },
    rows: {
      'blob': { state: 'live', lease: false, object: 'old' },
      'owner old': {}, 'upload first': {}, 'upload second': {},
    },
    objects: ['old', 'first', 'second'],
    facts: { known: false },
    invariants,
  })
}

/** The same blob while a manifest that names it is pushed: a corrupt row is dropped only where no push counts on it. */
export function corruptRows(): Model<World> {
  return system({
    programs: {
      push: push({ links: false }),
      first: closeUpload(),
      verifier: verifier({}),
      collector: collector({ notes: true }),
    },
    rows: { 'blob': { state: 'live', lease: false, object: 'old' }, 'owner old': {}, 'upload first': {} },
    objects: ['old', 'first'],
    facts: { known: false },
    invariants: {
      ...invariants,
      'a readable manifest has its blob row': ({ rows }) => !isLive(rows['manifest A']) || rows['blob'] !== undefined,
    },
  })
}

/** One session whose closing commit is lost on the way, and lands late or never. */
export function unknownOutcome(rules: HealingRules = {}): Model<World> {
  const close: CloseRules = { lostAnswers: true, ...rules.close }
  return system({
    programs: {
      first: closeUpload(close),
      wire: closingWire(close),
      expiry: expireUpload('first'),
      trash: trashWorker(rules.trash),
      collector: collector({ notes: true }),
    },
    waiting: ['wire'],
    rows: { 'upload first': {} },
    objects: ['first'],
    facts: { known: false },
    crashes: 1,
    invariants,
  })
}

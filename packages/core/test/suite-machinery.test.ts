import { describe, expect, it } from 'vitest'
import { driverConformance, runCase, type ConformanceCase, type Deviation, type Harness } from '../src/conformance/index.js'
import { expectEqual, expectSoon } from '../src/conformance/expectations.js'
import { registerSuite } from '../src/conformance/suite.js'

interface Store {
  readonly capabilities: { readonly presign: boolean }
  close(): Promise<void>
}

const passing: ConformanceCase<Store> = { id: 'store/passes', clause: 'It holds.', run: async () => undefined }
const failing: ConformanceCase<Store> = {
  id: 'store/fails',
  clause: 'It does not hold.',
  run: async () => {
    throw new Error('size: expected 1, got 2')
  },
}

function harnessOf(presign = false): { readonly harness: Harness<Store>; readonly events: string[] } {
  const events: string[] = []
  return {
    events,
    harness: async () => ({
      async open() {
        events.push('open')
        return { capabilities: { presign }, close: async () => void events.push('close') }
      },
      destroy: async () => void events.push('destroy'),
    }),
  }
}

/** Registers the suite with a runner that only takes notes. */
function register(
  cases: readonly ConformanceCase<Store>[],
  deviations?: readonly Deviation[],
  harness: Harness<Store> = harnessOf().harness,
): Map<string, () => Promise<void>> {
  const tests = new Map<string, () => Promise<void>>()
  registerSuite('Store', cases, {
    name: 'noted',
    harness,
    ...(deviations && { deviations }),
    describe: (title, body) => {
      expect(title).toBe('Store conformance: noted')
      body()
    },
    it: (title, body) => tests.set(title, body),
  })
  return tests
}

describe('registerSuite', () => {
  it('registers one test for each case, named by its id and clause', async () => {
    const tests = register([passing, failing])
    expect([...tests.keys()]).toEqual(['store/passes: It holds.', 'store/fails: It does not hold.'])
    await tests.get('store/passes: It holds.')!()
    await expect(tests.get('store/fails: It does not hold.')!()).rejects.toThrow('size: expected 1, got 2')
  })

  it('runs a case that deviates, and passes while it fails', async () => {
    const tests = register([failing], [{ id: 'store/fails', reason: 'not yet' }])
    expect([...tests.keys()]).toEqual(['store/fails deviates: not yet'])
    await tests.get('store/fails deviates: not yet')!()
  })

  it('fails a deviation that passes', async () => {
    const tests = register([passing], [{ id: 'store/passes', reason: 'once' }])
    await expect(tests.get('store/passes deviates: once')!()).rejects.toThrow('store/passes passes now: take it out of the deviations')
  })

  it('fails a deviation whose case was not run, or whose namespace cannot be destroyed', async () => {
    const deviations = [{ id: 'store/fails', reason: 'not yet' }]
    const broken: readonly Harness<Store>[] = [
      () => Promise.reject(new Error('no namespace')),
      async () => ({ ...(await harnessOf().harness()), destroy: () => Promise.reject(new Error('still there')) }),
    ]
    for (const [n, message] of ['no namespace', 'still there'].entries()) {
      const tests = register([failing], deviations, broken[n])
      await expect(tests.get('store/fails deviates: not yet')!()).rejects.toThrow(message)
    }
  })

  it('refuses a deviation that names no case', () => {
    expect(() => register([passing], [{ id: 'store/other', reason: 'misspelled' }])).toThrow(new TypeError('no such case: store/other'))
  })

  it('is what the driver suite is built on', () => {
    const suite = { name: 'x', describe: () => undefined, it: () => undefined, deviations: [{ id: 'put/of-nothing', reason: '' }] }
    const never = async (): Promise<never> => {
      throw new Error('not called')
    }
    expect(() => {
      driverConformance({ ...suite, harness: never })
    }).toThrow('no such case: put/of-nothing')
  })
})

describe('runCase', () => {
  it('closes what the case opened and destroys the namespace, also when the case fails', async () => {
    const { harness, events } = harnessOf()
    const opening: ConformanceCase<Store> = {
      ...failing,
      async run({ open }) {
        await Promise.all([open(), open()])
        throw new Error('no')
      },
    }
    await expect(runCase(opening, harness)).rejects.toThrow('no')
    expect(events).toEqual(['open', 'open', 'close', 'close', 'destroy'])
  })

  it('says in words what failed that a case did not foresee', async () => {
    const cause = new TypeError('store.list is not a function')
    const broken: ConformanceCase<Store> = { ...failing, run: () => Promise.reject(cause) }
    const message = 'store/fails: expected no error, got TypeError (store.list is not a function); the clause is: It does not hold.'
    await expect(runCase(broken, harnessOf().harness)).rejects.toMatchObject({ name: 'ConformanceError', message, cause })
  })

  it('fails a case behind which a store cannot be closed or removed, but tells first what the case found', async () => {
    let destroyed = 0
    const unclosable: Harness<Store> = async () => ({
      open: async () => ({ capabilities: { presign: false }, close: () => Promise.reject(new Error('cannot close')) }),
      async destroy() {
        destroyed++
      },
    })
    const opening: ConformanceCase<Store> = { ...passing, run: async ({ open }) => open().then(() => undefined) }
    await expect(runCase(opening, unclosable)).rejects.toThrow('store/passes: expected no error, got Error (cannot close)')
    const finding: ConformanceCase<Store> = { ...opening, run: async ({ open }) => open().then(() => Promise.reject(new Error('found'))) }
    await expect(runCase(finding, unclosable)).rejects.toThrow('found')
    expect(destroyed).toBe(2)
    const staying: Harness<Store> = async () => ({ ...(await harnessOf().harness()), destroy: () => Promise.reject(new Error('still there')) })
    await expect(runCase(finding, staying)).rejects.toThrow('found')
    await expect(runCase(opening, staying)).rejects.toThrow('still there')
  })

  const both: ConformanceCase<Store> = {
    ...passing,
    needs: 'presign',
    async run() {
      throw new Error('ran as claimed')
    },
    async otherwise() {
      throw new Error('ran as not claimed')
    },
  }

  it('runs the case where its capability is claimed, and its mirror where not', async () => {
    await expect(runCase(both, harnessOf(true).harness)).rejects.toThrow('ran as claimed')
    await expect(runCase(both, harnessOf(false).harness)).rejects.toThrow('ran as not claimed')
  })

  it('takes no missing mirror for a pass', async () => {
    await expect(runCase({ ...passing, needs: 'presign' }, harnessOf(false).harness)).rejects.toThrow(TypeError)
  })
})

describe('expectEqual', () => {
  const date = new Date('2026-01-02T03:04:05.678Z')

  it.each([
    ['a date and its text', date, date.toISOString()],
    ['a date and its number', date, date.getTime()],
    ['dates in objects', { modified: date }, { modified: date.toJSON() }],
    ['a number and a bigint', 5, 5n],
    ['a number and its text', 5, '5'],
    ['a number and its wrapper', [5], [Object(5)]],
    ['NaN and null', [Number.NaN], [null]],
    ['infinity and null', [Infinity], [null]],
    ['nothing and undefined as text', undefined, 'undefined'],
  ])('tells %s apart', (_, got, expected) => {
    expect(() => {
      expectEqual('it', got, expected)
    }).toThrow('it: expected ')
  })

  it('takes equal dates for equal', () => {
    expectEqual('it', { modified: date }, { modified: new Date(date) })
  })
})

describe('expectSoon', () => {
  it('tries again until it holds', async () => {
    let attempts = 0
    await expectSoon('it', 'the third attempt', async () => ++attempts === 3)
    expect(attempts).toBe(3)
  })
})

// Commits to an index, and tells of each commit when it is done: `index-work.mjs PACKAGE OPTIONS`.
import { fixing, told, untold } from './say.mjs'

const [name, options] = process.argv.slice(2)
const { index: module } = await import(name)

const key = (sort) => ({ partition: 'p', sort })
const put = (sort, value) => ({ op: 'put', key: key(sort), value, text: sort })
const effects = (rows) => Object.entries(rows).map(([thing, value]) => ({ thing, state: JSON.stringify(value) }))
const commit = (index, rows, commitOptions) => index.commit(Object.entries(rows).map(([sort, value]) => put(sort, value)), commitOptions)

const durable = (index, rows) => told(effects(rows), () => commit(index, rows))
const passing = (index, rows) => untold(effects(rows), () => commit(index, rows, { durable: false }))

const first = await module.open(JSON.parse(options))
await durable(first, { a: 1, b: 'the first commit' })
await passing(first, { c: 'need not last' })
await durable(first, { d: 'lasts, also behind one that need not' })
const seen = { j: 'need not last, until a durable commit has seen it' }
await passing(first, seen)
await fixing(effects(seen), () => first.commit([{ op: 'check', key: key('j'), expect: 'present' }]))
await told([{ thing: 'a', state: 'absent' }], () => first.commit([{ op: 'delete', key: key('a') }]))
await passing(first, { e: 1, f: 2 })
await fixing(effects({ e: 1, f: 2, g: 3 }), () => commit(first, { g: 3 }))
await first.close()

const second = await module.open(JSON.parse(options))
await durable(second, { a: 'again', h: 'after a start' })
for (let n = 0; n < 4; n++) await durable(second, { i: n, [`i${n}`]: 'x'.repeat(3000) })
await second.close()

import { readFileSync } from 'node:fs'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cost, type CostedRegistry, type Spent, startCostedRegistry } from './support/costed-registry.js'
import { itemsOf } from './support/items-of.js'
import { spentByOperations } from './support/operations.js'
import { numberOf, tableOf } from './support/page-tables.js'
import { heaviestByKind, type Load, loadByKind } from './support/partitions.js'

/*
 * What the page about DynamoDB says of costs is counted here, so that it stays true.
 */

const page = readFileSync(new URL('../../../../docs/decisions/0011-dynamodb.md', import.meta.url), 'utf8')
const operations = tableOf(page, 'what')
const background = tableOf(page, 'in the background')
const partitions = tableOf(page, 'partitions')

/** Thousandths of a US dollar for a million. */
const prices = { readUnit: 125, writeUnit: 625, put: 5000, get: 400 }
const hoursOfMonth = 730
/** What one partition bears in a second. */
const bearable: Load = { writeUnits: 1000, readUnits: 3000 }
const nothing: Load = { writeUnits: 0, readUnits: 0 }

function numbersOf(row: Readonly<Record<string, string>>): Cost {
  return {
    requests: numberOf(row['requests']),
    readUnits: numberOf(row['read units']),
    writeUnits: numberOf(row['write units']),
    puts: numberOf(row['S3: PUT, LIST']),
    gets: numberOf(row['S3: GET']),
  }
}

function priceOf({ readUnits, writeUnits, puts, gets }: Cost): { readonly dynamodb: number; readonly s3: number } {
  return { dynamodb: readUnits * prices.readUnit + writeUnits * prices.writeUnit, s3: puts * prices.put + gets * prices.get }
}

function dollars(thousandths: number): string {
  return (Math.round(thousandths / 10) / 100).toFixed(2)
}

/** How many of what makes such a load in a second there can be. */
function ratePerSecond({ writeUnits, readUnits }: Load, count: number): number {
  return Math.floor(Math.min((bearable.writeUnits * count) / writeUnits, (bearable.readUnits * count) / readUnits))
}

describeWithDynamodb('what DynamoDB and S3 cost', () => {
  let registry: CostedRegistry
  let spent: Readonly<Record<string, Spent>>

  beforeAll(async () => {
    registry = await startCostedRegistry()
    spent = await spentByOperations(registry)
  }, 240_000)
  afterAll(() => registry[Symbol.asyncDispose]())

  it.each(operations.map((row) => [row['what']!, row] as const))('is what the page says: %s', (what, row) => {
    const { cost } = spent[what]!
    expect(numbersOf(row)).toEqual(cost)
    const { dynamodb, s3 } = priceOf(cost)
    expect([row['USD a million'], row['with S3']]).toEqual([dollars(dynamodb), dollars(dynamodb + s3)])
  })

  it.each(background.map((row) => [row['in the background']!, row] as const))('in the background is what the page says: %s', (what, row) => {
    const { cost } = spent[what]!
    expect(numbersOf(row)).toEqual(cost)
    const { dynamodb, s3 } = priceOf(cost)
    expect(row['USD a month']).toBe(what.startsWith('an hour') ? dollars(((dynamodb + s3) / 1_000_000) * hoursOfMonth) : '–')
  })

  it('is said of everything that is measured', () => {
    expect([...operations.map((row) => row['what']), ...background.map((row) => row['in the background'])].sort()).toEqual(Object.keys(spent).sort())
  })

  it('is repeated in round numbers by the page for operators', () => {
    const operators = readFileSync(new URL('../../../../docs/dynamodb.md', import.meta.url), 'utf8')
    const [push, pull] = [spent['a push of 8 new layers']!.cost, spent['a pull of 8 layers']!.cost]
    const round = (thousandths: number): number => Math.round(thousandths / 1000)
    const said = /A push [^.]*? is (\d+) requests .*?, (\d+) US dollars .*? a pull (\d+) requests, (\d+) dollars; S3 adds (\d+) and (\d+)\./.exec(operators)
    const [ofPush, ofPull] = [priceOf(push), priceOf(pull)]
    const counted = [push.requests, round(ofPush.dynamodb), pull.requests, round(ofPull.dynamodb), round(ofPush.s3), round(ofPull.s3)]
    expect(said?.slice(1).map(Number)).toEqual(counted)
  })

  it('is computed from the sizes of the items that are there', async () => {
    for (const table of ['repository', 'version'].map((name) => `${registry.tables.database}-${name}`)) {
      expect(registry.model.total(table)).toEqual(await itemsOf(registry.tables, table))
    }
  })

  describe.each([
    ['push', 'a push of 8 new layers'],
    ['pull', 'a pull of 8 layers'],
  ])('of a %s, by partition', (kind, what) => {
    it('is in the partitions that the page lists, and as often', () => {
      const said = partitions.map((row) => {
        const load: Load = { writeUnits: numberOf(row[`written by a ${kind}`] ?? '–'), readUnits: numberOf(row[`read by a ${kind}`]) }
        return [/^`([a-z]+)/.exec(row['partitions']!)![1]!, load] as const
      })
      expect(Object.fromEntries(said.filter(([, load]) => load.writeUnits + load.readUnits > 0))).toEqual(loadByKind(spent[what]!.accesses))
    })

    it.each(partitions.map((row) => [row['partitions']!, row] as const))('allows as many a second as the page says: %s', (name, row) => {
      const kindOfPartition = /^`([a-z]+)/.exec(name)![1]!
      const count = Number(row['how many'])
      // Of partitions at random each has its part of the whole; of others one has what the heaviest has.
      const load = (Number.isNaN(count) ? heaviestByKind : loadByKind)(spent[what]!.accesses)[kindOfPartition] ?? nothing
      const rate = ratePerSecond(load, Number.isNaN(count) ? 1 : count)
      expect(row[kind === 'push' ? 'pushes a second' : 'pulls a second']).toBe(rate === Infinity ? '–' : rate.toLocaleString('en'))
    })
  })

  it('of a push is in partitions of its own repository, of a blob, or of one of many, but for one that is only read', () => {
    const { accesses } = spent['a push of 8 new layers']!
    const own = /^(?:[a-z]+\/[0-9a-f]{2}|(?:links|manifests|tags|tagged)\/platform\/checkout-service(?:\/sha256:.*)?|used\/sha256:.*)$/
    const shared = accesses.filter(({ partition }) => !own.test(partition))
    expect(new Set(shared.map(({ kind, partition, sort }) => [kind, partition, sort].join(' ')))).toEqual(new Set(['read system owner']))
  })
})

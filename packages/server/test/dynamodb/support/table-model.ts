import { compareUtf8 } from '@registry/core'
import type { Attributes } from '@registry/services/dynamodb-proxy'

/** Where an item is: in a table with one key, `sort` is empty. */
export interface ItemKey {
  readonly table: string
  readonly partition: string
  readonly sort: string
}

/** The items of a partition that a Query goes through, from one end to the other. */
export interface ItemRange {
  readonly partition: string
  /** Inclusive. */
  readonly low?: string | undefined
  /** Inclusive. */
  readonly high?: string | undefined
  readonly reverse: boolean
  /** The item behind which it begins. */
  readonly start?: string | undefined
  readonly limit: number
}

/** How many items a table has, and their bytes. */
export interface TableTotal {
  readonly items: number
  readonly bytes: number
}

/** A Query reads that many bytes of items and then ends, with the item that is one too many. */
const queryBytes = 1024 * 1024

/** The sizes of all items, as the requests that were applied leave them. */
export class TableModel {
  readonly #sizes = new Map<string, Map<string, number>>()

  /** Bytes of an item; `undefined` where there is none. */
  size({ table, partition, sort }: ItemKey): number | undefined {
    return this.#sizes.get(idOf(table, partition))?.get(sort)
  }

  put({ table, partition, sort }: ItemKey, bytes: number): void {
    const id = idOf(table, partition)
    const items = this.#sizes.get(id) ?? new Map<string, number>()
    this.#sizes.set(id, items.set(sort, bytes))
  }

  delete({ table, partition, sort }: ItemKey): void {
    this.#sizes.get(idOf(table, partition))?.delete(sort)
  }

  /** The sizes of the items that one Query reads. */
  sizesIn(table: string, { partition, low = '', high, reverse, start, limit }: ItemRange): readonly number[] {
    const items = [...(this.#sizes.get(idOf(table, partition)) ?? [])].sort(([a], [b]) => (reverse ? compareUtf8(b, a) : compareUtf8(a, b)))
    const isBehind = (sort: string): boolean => start === undefined || (reverse ? compareUtf8(sort, start) < 0 : compareUtf8(sort, start) > 0)
    const sizes: number[] = []
    let sum = 0
    for (const [sort, bytes] of items) {
      if (compareUtf8(sort, low) < 0 || (high !== undefined && compareUtf8(sort, high) > 0) || !isBehind(sort)) continue
      if (sizes.length === limit || sum >= queryBytes) break
      sizes.push(bytes)
      sum += bytes
    }
    return sizes
  }

  total(table: string): TableTotal {
    const sizes = [...this.#sizes].filter(([id]) => id.startsWith(idOf(table, ''))).flatMap(([, items]) => [...items.values()])
    return { items: sizes.length, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) }
  }
}

/** Bytes that DynamoDB counts for an item: names and values in UTF-8. */
export function bytesOfItem(item: Attributes): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOfValue(value), 0)
}

/** Texts, and the numbers of the table of the version, of which one byte holds two digits. */
function bytesOfValue({ S, N }: Attributes[string]): number {
  if (S !== undefined) return Buffer.byteLength(S)
  if (N !== undefined) return Math.ceil(N.length / 2) + 1
  throw new Error('an attribute that is neither a text nor a number')
}

function idOf(table: string, partition: string): string {
  return `${table}\0${partition}`
}

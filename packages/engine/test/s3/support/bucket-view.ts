import type { MemoryStorage } from '@registry/core/memory'
import type { S3Server } from '@registry/services/s3-server'

type Stored = NonNullable<ReturnType<MemoryStorage['get']>>

/** The bucket as the storage of a memory driver, which sees and changes it past all requests and faults. */
export class BucketView extends Map<string, Stored> {
  readonly #server: S3Server
  readonly #root: string

  constructor(server: S3Server, root: string) {
    super()
    this.#server = server
    this.#root = root
  }

  override get(key: string): Stored | undefined {
    return this.#server.read(this.#root + key)
  }

  override set(key: string, { bytes }: Stored): this {
    this.#server.write(this.#root + key, bytes)
    return this
  }

  override delete(key: string): boolean {
    this.#server.remove(this.#root + key)
    return true
  }

  override keys(): MapIterator<string> {
    const keys = this.#server.objects().map(({ key }) => key)
    return keys.filter((key) => key.startsWith(this.#root)).map((key) => key.slice(this.#root.length)).values()
  }
}

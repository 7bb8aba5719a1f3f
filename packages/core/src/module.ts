import type { Driver } from './driver.js'
import type { Index } from './index-store.js'
import type { OptionsSchema } from './options-schema.js'

/** The export `driver` of a driver package: how the server finds out what it takes, and opens it. */
export interface DriverModule<Options> {
  /** The version of the contract that the package keeps. The server refuses another one with `CONFIG`. */
  readonly contract: 1
  /** Short name, such as `s3`, which is that of its section in a configuration too: `a-z 0-9 - _`, the first one no `-` or `_`. */
  readonly name: string
  /** What `open` takes, by the names that it has there. The server checks a configuration against it first. */
  readonly options: OptionsSchema
  /** Opens a driver. @throws `CONFIG` where the options do not fit */
  open(options: Options): Promise<Driver>
}

/** The export `index` of an index package. */
export interface IndexModule<Options> {
  /** The version of the contract that the package keeps. The server refuses another one with `CONFIG`. */
  readonly contract: 1
  /** Short name, such as `sqlite`, which is that of its section in a configuration too: `a-z 0-9 - _`, the first one no `-` or `_`. */
  readonly name: string
  /** What `open` takes, by the names that it has there. The server checks a configuration against it first. */
  readonly options: OptionsSchema
  /** Opens an index. @throws `CONFIG` where the options do not fit */
  open(options: Options): Promise<Index>
}

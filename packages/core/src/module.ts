import type { Driver } from './driver.js'
import type { Index } from './index-store.js'
import type { OptionsSchema } from './options-schema.js'

/** The export `driver` of a driver package: how the server finds out what it takes, and opens it. */
export interface DriverModule<Options> {
  readonly contract: 1
  readonly name: string
  readonly options: OptionsSchema
  /** Opens a driver. @throws `CONFIG` where the options do not fit */
  open(options: Options): Promise<Driver>
}

/** The export `index` of an index package. */
export interface IndexModule<Options> {
  readonly contract: 1
  readonly name: string
  readonly options: OptionsSchema
  /** Opens an index. @throws `CONFIG` where the options do not fit */
  open(options: Options): Promise<Index>
}

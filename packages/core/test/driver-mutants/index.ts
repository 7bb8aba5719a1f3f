import { abortMutants } from './abort.js'
import { alikeMutants } from './alike.js'
import { capabilityMutants } from './capabilities.js'
import { deleteMutants } from './delete.js'
import { headMutants } from './head.js'
import { keyMutants } from './keys.js'
import { largeMutants } from './large.js'
import { lifecycleMutants } from './lifecycle.js'
import { listMutants } from './list.js'
import { handleMutants, thousandMutants } from './many.js'
import { meanwhileMutants } from './meanwhile.js'
import type { DriverMutant } from './mutant.js'
import { openMutants } from './open.js'
import type { PathMutant } from './path.js'
import { pathDateMutants } from './path-dates.js'
import { pathPutMutants } from './path-puts.js'
import { pathReadMutants } from './path-reads.js'
import { putMutants } from './put.js'

export const pathMutants: readonly PathMutant[] = [...pathPutMutants, ...pathReadMutants, ...pathDateMutants]

export const driverMutants: readonly DriverMutant[] = [
  ...headMutants,
  ...openMutants,
  ...putMutants,
  ...alikeMutants,
  ...meanwhileMutants,
  ...largeMutants,
  ...listMutants,
  ...deleteMutants,
  ...thousandMutants,
  ...handleMutants,
  ...keyMutants,
  ...abortMutants,
  ...lifecycleMutants,
  ...capabilityMutants,
  ...pathMutants,
]

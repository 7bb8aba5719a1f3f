import { abortMutants } from './abort.js'
import { capabilityMutants } from './capabilities.js'
import { deleteMutants } from './delete.js'
import { headMutants } from './head.js'
import { keyMutants } from './keys.js'
import { lifecycleMutants } from './lifecycle.js'
import { listMutants } from './list.js'
import type { DriverMutant } from './mutant.js'
import { openMutants } from './open.js'
import { putMutants } from './put.js'

export const driverMutants: readonly DriverMutant[] = [
  ...headMutants,
  ...openMutants,
  ...putMutants,
  ...listMutants,
  ...deleteMutants,
  ...keyMutants,
  ...abortMutants,
  ...lifecycleMutants,
  ...capabilityMutants,
]

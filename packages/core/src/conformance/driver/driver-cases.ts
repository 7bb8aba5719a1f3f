import { abortCases } from './abort.js'
import { abortDuringCases } from './abort-during.js'
import { capabilityCases } from './capabilities.js'
import { closeCases } from './close.js'
import { closeDuringCases } from './close-during.js'
import { deleteCases } from './delete.js'
import { headCases } from './head.js'
import { instanceCases } from './instances.js'
import { keyCases } from './keys.js'
import { largeCases } from './large.js'
import { largeAtomicCases } from './large-atomic.js'
import { largeReadCases } from './large-read.js'
import { listCases } from './list.js'
import { listManyCases } from './list-many.js'
import { listMeanwhileCases } from './list-meanwhile.js'
import { listSelectCases } from './list-select.js'
import { listThousandCases } from './list-thousands.js'
import type { DriverCase } from './objects.js'
import { openCases } from './open.js'
import { presignCases } from './presign.js'
import { putCases } from './put.js'
import { putAtomicCases } from './put-atomic.js'
import { putConcurrentCases } from './put-concurrent.js'
import { putWriterCases } from './put-writers.js'
import { rangeCases } from './range.js'
import { untameCases } from './untame.js'
import { walkCases } from './walks.js'

/** Every clause of the Driver contract that can be tried. */
export const driverCases: readonly DriverCase[] = [
  ...headCases,
  ...openCases,
  ...rangeCases,
  ...putCases,
  ...largeCases,
  ...largeReadCases,
  ...putAtomicCases,
  ...largeAtomicCases,
  ...putConcurrentCases,
  ...putWriterCases,
  ...listCases,
  ...listSelectCases,
  ...listMeanwhileCases,
  ...listThousandCases,
  ...listManyCases,
  ...deleteCases,
  ...keyCases,
  ...untameCases,
  ...abortCases,
  ...abortDuringCases,
  ...closeCases,
  ...closeDuringCases,
  ...instanceCases,
  ...capabilityCases,
  ...presignCases,
  ...walkCases,
]

import { faultMatrix } from './support/fault-matrix.js'
import { readOperations, sweepOperations } from './support/others.js'

faultMatrix('a start or a read', readOperations)
faultMatrix('a sweep', sweepOperations)

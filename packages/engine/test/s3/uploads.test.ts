import { faultMatrix } from './support/fault-matrix.js'
import { uploadOperations } from './support/uploads.js'

faultMatrix('an upload', uploadOperations)

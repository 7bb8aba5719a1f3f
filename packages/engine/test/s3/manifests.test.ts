import { faultMatrix } from './support/fault-matrix.js'
import { manifestOperations } from './support/manifests.js'

faultMatrix('manifests and tags', manifestOperations)

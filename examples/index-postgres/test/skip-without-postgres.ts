import { beforeEach } from 'vitest'
import { isNeeded, postgres } from './postgres-program.js'

beforeEach(({ skip }) => {
  skip(!isNeeded(), `[needs ${postgres.name}: ${postgres.remedy}]`)
})

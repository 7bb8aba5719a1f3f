import { beforeEach } from 'vitest'
import { isPostgresNeeded, postgres } from '@registry/services/postgres-program'

beforeEach(({ skip }) => {
  skip(!isPostgresNeeded(), `[needs ${postgres.name}: ${postgres.remedy}]`)
})

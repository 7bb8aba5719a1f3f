import { indexConformance } from '@registry/core/conformance'
import { describe, it } from 'vitest'
import { sqliteHarness } from './sqlite-harness.js'

indexConformance({ name: 'sqlite', harness: sqliteHarness(), describe, it })

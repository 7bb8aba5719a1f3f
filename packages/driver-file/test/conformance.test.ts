import { describe, it } from 'vitest'
import { driverConformance } from '@registry/core/conformance'
import { fileHarness } from './file-harness.js'

driverConformance({ name: 'file', harness: fileHarness, describe, it })

// A storage and an index for `registry serve` that keep everything in memory: those of the tests.
import { memoryDriver, memoryIndex } from '@registry/core/memory'

export const driver = { contract: 1, name: 'memory-objects', options: {}, open: async () => memoryDriver() }
export const index = { contract: 1, name: 'memory-facts', options: {}, open: async () => memoryIndex() }

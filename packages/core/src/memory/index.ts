export { memoryDriver, type MemoryDriverOptions, type MemoryStorage } from './memory-driver.js'
export { memoryIndex, MemoryIndexStorage, type MemoryIndexOptions } from './memory-index.js'

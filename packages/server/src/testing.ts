export { startTestRegistry, type TestRegistry, type TestRegistryOptions } from './test-registry.js'

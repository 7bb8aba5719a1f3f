import { expectEqual, expectThat } from '../expectations.js'
import type { DriverCase } from './objects.js'

export const capabilityCases: readonly DriverCase[] = [
  {
    id: 'driver/contract',
    clause: 'A driver names itself and the version of the contract that it keeps.',
    async run({ open }) {
      const driver = await open()
      expectEqual('contract', driver.contract, 1)
      expectThat('name', /^\S+$/.test(driver.name), 'a short word', driver.name)
    },
  },
  {
    id: 'capabilities/frozen',
    clause: 'Capabilities and their limits are frozen.',
    async run({ open }) {
      const { capabilities } = await open()
      expectThat('capabilities', Object.isFrozen(capabilities), 'a frozen object', capabilities)
      expectThat('capabilities.limits', Object.isFrozen(capabilities.limits), 'a frozen object', capabilities.limits)
    },
  },
  {
    id: 'capabilities/values',
    clause: 'Capabilities are booleans, and limits whole numbers above 0.',
    async run({ open }) {
      const { capabilities } = await open()
      const { objectBytes } = capabilities.limits
      expectThat('capabilities.presign', typeof capabilities.presign === 'boolean', 'a boolean', capabilities.presign)
      expectThat('limits.objectBytes', Number.isSafeInteger(objectBytes) && objectBytes > 0, 'a whole number above 0', String(objectBytes))
    },
  },
]

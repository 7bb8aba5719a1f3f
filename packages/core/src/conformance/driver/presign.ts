import type { CaseContext } from '../conformance-case.js'
import type { Driver } from '../../driver.js'
import { expectBytes, expectCode, expectEqual, expectReason, expectThat, expectTypeError } from '../expectations.js'
import { patternBytes } from './bodies.js'
import { putBytes, type DriverCase } from './objects.js'

export const presignCases: readonly DriverCase[] = [
  {
    id: 'presign/url',
    clause: 'presign gives an http or https URL, for an object that exists and for one that does not; not claimed, it is absent or UNSUPPORTED.',
    needs: 'presign',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'folder/key', patternBytes(10))
      for (const key of ['folder/key', 'folder/absent']) {
        const url: unknown = await driver.presign?.(key, { expires: 60, contentType: 'application/octet-stream', filename: 'key.bin' })
        const served = url instanceof URL && ['http:', 'https:'].includes(url.protocol)
        expectThat(`presign(${key})`, served, 'a URL of http or https', url)
      }
    },
    otherwise: refusesPresign,
  },
  {
    id: 'presign/fetch',
    clause: 'Whoever fetches the URL gets the bytes of its object, of each key its own and of an overwrite the new ones; not claimed, it is absent or UNSUPPORTED.',
    needs: 'presign',
    async run({ open }) {
      const driver = await open()
      for (const [index, key] of ['folder/a', 'folder/b', 'folder/a'].entries()) {
        const bytes = patternBytes(3000, index + 1)
        // Before the object is there: it need not exist.
        const url = await driver.presign?.(key, { expires: 60 })
        await putBytes(driver, key, bytes)
        const answer = await fetch(String(url))
        expectEqual(`status of a fetch of presign(${key})`, answer.status, 200)
        expectBytes(`bytes of a fetch of presign(${key})`, new Uint8Array(await answer.arrayBuffer()), bytes)
      }
    },
    otherwise: refusesPresign,
  },
  {
    id: 'presign/aborted',
    clause: 'presign with a signal that is aborted already rejects with signal.reason itself; not claimed, it is absent or UNSUPPORTED.',
    needs: 'presign',
    async run({ open }) {
      const driver = await open()
      const reason = new Error('aborted before the call')
      await expectReason('presign with an aborted signal', reason, presign(driver, AbortSignal.abort(reason)))
    },
    otherwise: refusesPresign,
  },
  {
    id: 'presign/closed',
    clause: 'presign of a driver that was closed rejects with CLOSED; not claimed, it is absent or UNSUPPORTED.',
    needs: 'presign',
    async run({ open }) {
      const driver = await open()
      await driver.close()
      await expectCode('presign after close', 'CLOSED', presign(driver))
    },
    otherwise: refusesPresign,
  },
  {
    id: 'presign/untame',
    clause: 'presign of what is no key rejects with a TypeError; not claimed, it is absent or UNSUPPORTED.',
    needs: 'presign',
    async run({ open }) {
      const driver = await open()
      for (const key of ['', '../key', 'folder/', 'Key']) {
        await expectTypeError(`presign of the key ${JSON.stringify(key)}`, presign(driver, undefined, key))
      }
    },
    otherwise: refusesPresign,
  },
]

async function presign(driver: Driver, signal?: AbortSignal, key: string = 'folder/key'): Promise<unknown> {
  return driver.presign?.(key, { expires: 60, signal })
}

/** The mirror: what is not claimed is refused, never faked. */
async function refusesPresign({ open }: CaseContext<Driver>): Promise<void> {
  const driver = await open()
  if (driver.presign === undefined) return
  await expectCode('presign without the capability', 'UNSUPPORTED', presign(driver))
}

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe } from 'vitest'

/** The programs of the gateway, and how a Debian machine gets them. */
const programs = { 'ceph-mon': 'ceph-mon', 'ceph-osd': 'ceph-osd', radosgw: 'radosgw', 'radosgw-admin': 'radosgw', ceph: 'ceph-common', bash: 'bash' }

/**
 * `describe`, for tests that need the gateway. Where a program of it is missing they are skipped, by a name that tells what to
 * install, unless `REQUIRE_BACKENDS` lists `ceph` or is `all`: then they run, and fail.
 */
export function describeWithCeph(title: string, body: () => void): void {
  const missing = Object.entries(programs).filter(([program]) => !isInstalled(program))
  if (missing.length === 0 || isRequired()) {
    describe(title, body)
    return
  }
  const packages = [...new Set(missing.map(([, name]) => name))].join(' ')
  describe.skip(`${title} [needs ceph: apt-get install --no-install-recommends ${packages}]`, body)
}

function isRequired(): boolean {
  const required = (process.env['REQUIRE_BACKENDS'] ?? '').split(',').map((name) => name.trim())
  return required.includes('all') || required.includes('ceph')
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

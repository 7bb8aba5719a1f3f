import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe } from 'vitest'

/** Something of the machine that tests need. */
export interface Need {
  /** As `REQUIRE_BACKENDS` lists it. */
  readonly name: string
  readonly isThere: () => boolean
  /** How a Debian machine gets it. */
  readonly remedy: string
}

/**
 * `describe`, for tests that need all of these. Where one is missing they are skipped, by a name that tells how to get
 * it, unless `REQUIRE_BACKENDS` lists it or is `all`: then they run, and fail.
 */
export function describeWith(needs: readonly Need[], title: string, body: () => void): void {
  const missing = needs.filter(({ isThere }) => !isThere())
  if (missing.length === 0 || missing.some(({ name }) => isRequired(name))) {
    describe(title, body)
    return
  }
  const hints = missing.map(({ name, remedy }) => `[needs ${name}: ${remedy}]`)
  describe.skip(`${title} ${hints.join(' ')}`, body)
}

/** Whether `REQUIRE_BACKENDS` lists it or is `all`. */
export function isRequired(name: string): boolean {
  const required = (process.env['REQUIRE_BACKENDS'] ?? '').split(',').map((one) => one.trim())
  return required.includes('all') || required.includes(name)
}

/** A program that is found by its name. */
export function program(name: string, packageName: string = name): Need {
  return { name, isThere: () => isInstalled(name), remedy: `apt-get install ${packageName}` }
}

export function isInstalled(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

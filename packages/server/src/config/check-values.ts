import { RegistryError } from '@registry/core'
import type { CheckedValue, ConfigProblem } from '@registry/core/config'
import { nginxPrefix } from '../nginx.js'
import { exceptions } from '../redirects.js'
import { urlPrefix } from '../settings.js'
import { warningHeader } from '../warning.js'

/** What the server makes of texts that may be wrong although they are texts. */
const uses: Readonly<Record<string, (value: CheckedValue['value']) => void>> = {
  public_url: (value) => void urlPrefix(String(value)),
  warning: (value) => void warningHeader(String(value)),
  storage_redirect_except: (value) => void exceptions([value].flat().map(String)),
  nginx_x_accel_redirect: (value) => void nginxPrefix(String(value)),
  allowed_origins: (value) => {
    const wrong = [value].flat().find((origin) => origin !== '*' && !isOrigin(String(origin)))
    if (wrong !== undefined) throw new RegistryError('CONFIG', `an origin is like https://ui.example.com, without a path, or *; got ${JSON.stringify(wrong)}`)
  },
}

/** Finds out which values the server would refuse. */
export function wrongTexts(values: ReadonlyMap<string, CheckedValue>): readonly ConfigProblem[] {
  return Object.entries(uses).flatMap(([option, use]) => {
    const checked = values.get(option)
    if (!checked) return []
    try {
      use(checked.value)
      return []
    } catch (error) {
      if (!RegistryError.is(error, 'CONFIG')) throw error
      return [{ option, origin: checked.origin, found: error.message }]
    }
  })
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

import type { Settings } from './settings.js'

/** The `Link` to the next page of a list. @see distribution-spec, "Listing Tags" */
export function nextPage({ urlPrefix }: Settings, path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
  return `<${urlPrefix}${path}?${given.join('&')}>; rel="next"`
}

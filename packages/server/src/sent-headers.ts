import type { IncomingMessage } from 'node:http'

/**
 * The values of a header as they were sent, one for each line that has it. Node has `headersDistinct` for that, which
 * throws in some of its releases where another header of the request is called `constructor` or `__proto__`.
 *
 * @param name - in lower case
 */
export function sentHeaders({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>, name: string): readonly string[] {
  const values: string[] = []
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const sent = rawHeaders[n]!
    if (sent.length === name.length && sent.toLowerCase() === name) values.push(rawHeaders[n + 1]!)
  }
  return values
}

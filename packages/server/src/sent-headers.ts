import type { IncomingMessage } from 'node:http'

/**
 * The values of a header as they were sent, one for each line that has it. Node has `headersDistinct` for that, which
 * throws in some of its releases where another header of the request is called `constructor` or `__proto__`.
 *
 * @param name - in lower case
 */
export function sentHeaders({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>, name: string): readonly string[] {
  return rawHeaders.filter((_, n) => n % 2 === 1 && rawHeaders[n - 1]!.toLowerCase() === name)
}

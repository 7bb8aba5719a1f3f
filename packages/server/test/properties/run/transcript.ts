import type { Answer, Expected, Request } from '../model/exchange.js'

/** One exchange in a line: what was sent, what came, and what was expected where that differs. */
export function transcriptLine({ method, path, headers, body, chunked }: Request, answer: Answer | undefined, { status }: Expected): string {
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const content = body ? [`${chunked ? 'chunked ' : ''}${body.length} bytes ${JSON.stringify(inShort(body))}`] : []
  const came = answer === undefined ? 'no answer' : String(answer.status)
  return `${method} ${path}${[...sent, ...content].map((part) => ` | ${part}`).join('')} -> ${came}${answer?.status === status ? '' : `, expected ${status}`}`
}

function inShort(body: Buffer): string {
  const isText = /^[\x20-\x7e]*$/.test(body.subarray(0, 40).toString('latin1'))
  return isText ? body.toString('latin1', 0, 400) : `${body.toString('hex', 0, 8)}…`
}

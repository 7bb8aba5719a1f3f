/**
 * What a `Range` header asks of `size` bytes: `undefined` for all of them, as for several ranges at once and for what
 * is no byte range; `unsatisfiable` where no byte lies in it.
 *
 * @see RFC 9110, section 14.2
 */
export function parseRange(header: string | undefined, size: number): { readonly start: number; readonly end: number } | 'unsatisfiable' | undefined {
  const match = /^\s*bytes\s*=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const first = match[1] === '' ? undefined : Number(match[1])
  const last = match[2] === '' ? undefined : Number(match[2])
  const start = first ?? Math.max(size - last!, 0)
  const end = first === undefined || last === undefined ? size : Math.min(last + 1, size)
  return start < end ? { start, end } : 'unsatisfiable'
}

/**
 * What `Content-Range` says of an uploaded chunk: `<start>-<end>`, both inclusive, without a unit. `bytes 0-9/10`, as
 * some clients send it, is taken as meant. `malformed` where it is neither.
 *
 * @see distribution-spec, "Pushing a blob in chunks"
 */
export function parseContentRange(header: string | undefined): { readonly start: number; readonly size: number } | 'malformed' | undefined {
  if (header === undefined) return undefined
  const match = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d+|\*))?$/.exec(header.trim())
  if (!match) return 'malformed'
  const [start, end] = [Number(match[1]), Number(match[2])]
  return end < start ? 'malformed' : { start, size: end - start + 1 }
}

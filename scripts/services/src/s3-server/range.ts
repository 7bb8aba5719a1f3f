import { S3Error } from './s3-error.js'

/** Takes `bytes=first-last`, `bytes=first-` or `bytes=-length`; others are ignored, as HTTP has it. The end is exclusive. */
export function parseRange(header: string | undefined, size: number): { readonly start: number; readonly end: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size)
  if (first !== '' && last !== '' && Number(last) < start) return undefined
  if (start >= size) throw new S3Error('InvalidRange', 'The requested range is not satisfiable', { 'content-range': `bytes */${size}` })
  return { start, end }
}

import { S3Error } from './s3-error.js'

/** Takes the bytes out of a body of `content-encoding: aws-chunked`, and the fields that follow them into `trailers`. */
export async function* decodeAwsChunked(body: AsyncIterable<Buffer>, trailers: Map<string, string>): AsyncGenerator<Buffer, void, undefined> {
  let held: Buffer = Buffer.alloc(0)
  let left = 0
  let state = 'size' as 'size' | 'data' | 'end' | 'trailers' | 'done'
  for await (const bytes of body) {
    held = held.length > 0 ? Buffer.concat([held, bytes]) : bytes
    for (;;) {
      if (state === 'data') {
        const data = held.subarray(0, left)
        held = held.subarray(data.length)
        left -= data.length
        if (data.length > 0) yield data
        if (left > 0) break
        state = 'end'
      }
      const end = held.indexOf('\r\n')
      if (end < 0) break
      const line = held.subarray(0, end).toString('latin1')
      held = held.subarray(end + 2)
      if (state === 'size') {
        if (!/^[0-9a-f]+(;chunk-signature=[0-9a-f]{64})?$/i.test(line)) throw new S3Error('InvalidRequest', `not the size of a chunk: ${line}`)
        left = parseInt(line, 16)
        state = left > 0 ? 'data' : 'trailers'
      } else if (state === 'end') {
        if (line !== '') throw new S3Error('InvalidRequest', 'a chunk is longer than its size')
        state = 'size'
      } else if (state === 'trailers') {
        const [name = '', value = ''] = line.split(/:(.*)/s)
        if (line === '') state = 'done'
        else trailers.set(name.toLowerCase(), value.trim())
      } else throw new S3Error('InvalidRequest', 'something follows the end of a body')
    }
  }
  if (state !== 'done') throw new S3Error('IncompleteBody', 'the body ends before its last chunk')
}

import type { Garbage } from './generate/garbage.js'

/** Sequences that once failed, as a failure prints them. */
export const fixedCases: readonly { readonly name: string; readonly sequence: string }[] = [
  {
    name: 'a place of a chunk with more digits than a number has',
    sequence:
      '{"recipes":[],"steps":[' +
      '{"kind":"session","method":"PATCH","slot":0,"place":{"text":"0-99999999999999999999"},"algorithm":"sha256","more":"nothing","chunked":false,"expects":false,"encoded":false,"extra":"nothing"},' +
      '{"kind":"start","name":0,"slash":true,"slot":0,"chunked":false,"expects":false,"encoded":false,"extra":"nothing"},' +
      '{"kind":"session","method":"PATCH","slot":0,"place":{"text":"0-99999999999999999999"},"algorithm":"sha256","more":"nothing","chunked":false,"expects":false,"encoded":false,"extra":"nothing"}]}',
  },
]

const get: Garbage = { method: 'GET', target: '/v2/', headers: [], body: '', host: true }

/** Garbage that once was answered wrongly. */
export const fixedGarbage: readonly { readonly name: string; readonly garbage: Garbage }[] = [
  { name: 'QUERY, of which Fastify wants a Content-Type', garbage: { ...get, method: 'QUERY' } },
  { name: 'CONNECT, which Node closes without a word', garbage: { ...get, method: 'CONNECT' } },
]

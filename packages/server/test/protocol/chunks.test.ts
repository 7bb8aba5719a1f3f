import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { errorCodes, randomBlob } from '../support/test-server.js'
import { append, expectBlob, rangeOf, startSession, streamed } from './support/uploads.js'

onEachPair('chunks', (start) => {
  it('say their place, both ends inclusive, the last one in the PUT [P1]', async () => {
    const server = await start()
    const blob = randomBlob(300)
    const location = await startSession(server)
    for (const start of [0, 100]) {
      const response = await append(server, location, blob.bytes.subarray(start, start + 100), `${start}-${start + 99}`)
      expect([response.status, response.headers.get('range')]).toEqual([202, `0-${start + 99}`])
    }
    const last = { headers: { 'content-range': '200-299' }, body: blob.bytes.subarray(200) }
    const closed = await server.send('PUT', `${location}?digest=${blob.digest}`, last)
    expect(closed.status).toBe(201)
    await expectBlob(server, 'a/b', blob.digest)
  })

  it('may say it as bytes 0-9/10 [P1]', async () => {
    const server = await start()
    const blob = randomBlob(30)
    const location = await startSession(server)
    expect((await append(server, location, blob.bytes.subarray(0, 10), 'bytes 0-9/10')).status).toBe(202)
    const misplaced = await append(server, location, blob.bytes.subarray(20), 'bytes 20-29/30')
    expect([misplaced.status, misplaced.headers.get('range')]).toEqual([416, '0-9'])
    expect((await append(server, location, blob.bytes.subarray(10, 20), 'bytes 10-19/20')).status).toBe(202)
    const closed = await server.send('PUT', `${location}?digest=${blob.digest}`, {
      headers: { 'content-range': 'bytes 20-29/30' },
      body: blob.bytes.subarray(20),
    })
    expect(closed.status).toBe(201)
    await expectBlob(server, 'a/b', blob.digest)
  })

  it('are 416 where the place is none, in a PATCH and in the PUT [P1]', async () => {
    const server = await start()
    const blob = randomBlob(10)
    const location = await startSession(server)
    const places = [
      '', '0', '-', '9-0', '-9', '0-', 'x', '0-9-10', '0-9, 0-9', '0 - 9', '+0-9', '0x0-0x9', '1e0-1e1', '0.0-9.0', `0-${'9'.repeat(20)}`,
      '0-9/x', '0-9/10/10', 'items 0-9/10', 'bytes', 'bytes */10', 'bytes0-9', 'bytes 9-0/10', 'null', '0-NaN',
    ]
    for (const place of places) {
      const headers = { 'content-range': place }
      for (const response of [
        await server.send('PATCH', location, { headers, body: blob.bytes }),
        await server.send('PUT', `${location}?digest=${blob.digest}`, { headers, body: blob.bytes }),
      ]) {
        expect([response.status, await errorCodes(response)], place).toEqual([416, ['BLOB_UPLOAD_INVALID']])
        expect([response.headers.get('location'), response.headers.get('range')], place).toEqual([location, '0-0'])
      }
    }
    expect((await server.send('PUT', `${location}?digest=${blob.digest}`, { headers: { 'content-range': '0-9' }, body: blob.bytes })).status).toBe(201)
  })

  it('are told as the place of the last byte, without a unit, and as 0-0 where there is none [P2]', async () => {
    const server = await start()
    const started = await server.send('POST', '/v2/a/b/blobs/uploads/')
    expect(started.headers.get('range')).toBe('0-0')
    const location = started.headers.get('location')!
    expect(await rangeOf(server, location)).toBe('0-0')
    const refused = await append(server, location, 'x', '5-5')
    expect([refused.status, refused.headers.get('range')]).toEqual([416, '0-0'])
    expect((await append(server, location, '')).headers.get('range')).toBe('0-0')
    for (const [size, range] of [[1, '0-0'], [1, '0-1'], [98, '0-99'], [1000, '0-1099']] as const) {
      expect((await append(server, location, randomBlob(size).bytes)).headers.get('range')).toBe(range)
      expect(await rangeOf(server, location)).toBe(range)
    }
  })

  it('out of place are 416, in a PATCH and in the PUT, and the session goes on where it stood [P3]', async () => {
    const server = await start()
    const blob = randomBlob(20)
    const location = await startSession(server)
    await append(server, location, blob.bytes.subarray(0, 10), '0-9')
    const closing = `${location}?digest=${blob.digest}`
    const objects = await server.objects()
    // A gap, an overlap, the same again, and the beginning.
    for (const first of [12, 9, 0]) {
      const misplaced = { headers: { 'content-range': `${first}-19` }, body: blob.bytes.subarray(first) }
      for (const response of [await server.send('PATCH', location, misplaced), await server.send('PUT', closing, misplaced)]) {
        expect([response.status, await errorCodes(response)]).toEqual([416, ['BLOB_UPLOAD_INVALID']])
        expect([response.headers.get('range'), response.headers.get('location')]).toEqual(['0-9', location])
      }
    }
    await server.registry.settled()
    expect(await server.objects()).toEqual(objects)
    expect(await rangeOf(server, location)).toBe('0-9')
    expect((await server.send('PUT', closing, { headers: { 'content-range': '10-19' }, body: blob.bytes.subarray(10) })).status).toBe(201)
    await expectBlob(server, 'a/b', blob.digest)
  })

  it('whose place and length disagree are 400, and none of them is stored [P3]', async () => {
    const server = await start()
    const blob = randomBlob(10)
    const location = await startSession(server)
    for (const size of [5, 9, 11, 5000]) {
      for (const body of [() => Buffer.alloc(size), () => streamed(Buffer.alloc(size))]) {
        for (const [method, path] of [['PATCH', location], ['PUT', `${location}?digest=${blob.digest}`]] as const) {
          const response = await server.send(method, path, { headers: { 'content-range': '0-9' }, body: body() })
          expect([response.status, await errorCodes(response)], `${method} of ${size} bytes`).toEqual([400, ['SIZE_INVALID']])
        }
      }
    }
    expect(await rangeOf(server, location)).toBe('0-0')
    await server.registry.settled()
    expect(await server.objects()).toEqual(['registry.json'])
    expect((await server.send('PUT', `${location}?digest=${blob.digest}`, { body: blob.bytes })).status).toBe(201)
  })

  it('without a place go on where the session stands, with a length and without [P4]', async () => {
    const server = await start()
    const blob = randomBlob(100_000)
    const location = await startSession(server)
    const part = (start: number, end: number): Buffer => blob.bytes.subarray(start, end)
    const ranges: (string | null)[] = []
    for (const body of [part(0, 10), streamed(part(10, 20), part(20, 50_000)), part(50_000, 60_000), streamed(part(60_000, 100_000))]) {
      const response = await append(server, location, body)
      expect(response.status).toBe(202)
      ranges.push(response.headers.get('range'))
    }
    expect(ranges).toEqual(['0-9', '0-49999', '0-59999', '0-99999'])
    expect((await server.send('PUT', `${location}?digest=${blob.digest}`)).status).toBe(201)
    await expectBlob(server, 'a/b', blob.digest)
  })

  it('may have any size, and nothing asks for a smallest one [P10]', async () => {
    const server = await start()
    const sizes = [1, 1, 70_000, 1, 3, 200_000, 2, 0, 1]
    const blob = randomBlob(sizes.reduce((sum, size) => sum + size, 0))
    const answers = [await server.send('POST', '/v2/a/b/blobs/uploads/')]
    const location = answers[0]!.headers.get('location')!
    let offset = 0
    for (const size of sizes) {
      answers.push(await append(server, location, blob.bytes.subarray(offset, (offset += size))))
      answers.push(await server.send('GET', location))
    }
    answers.push(await server.send('PUT', `${location}?digest=${blob.digest}`))
    expect(answers.map(({ status }) => status)).toEqual([202, ...sizes.flatMap(() => [202, 204]), 201])
    expect(answers.map(({ headers }) => headers.get('oci-chunk-min-length'))).toEqual(answers.map(() => null))
    await expectBlob(server, 'a/b', blob.digest)
  })
})

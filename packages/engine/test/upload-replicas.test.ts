import type { Digest } from '@registry/core'
import { expect, it } from 'vitest'
import { type Bench, onEachPair, type Process } from './support/bench.js'
import { body, broken, digestOf, readBlob } from './support/images.js'

async function openCalls(processes: readonly Process[], work: () => Promise<unknown>): Promise<number> {
  for (const { faults } of processes) faults.forget()
  await work()
  return processes.reduce((sum, { faults }) => sum + faults.count('open'), 0)
}

async function started(bench: Bench, count: number): Promise<readonly Process[]> {
  const processes: Process[] = []
  for (let n = 0; n < count; n++) processes.push(await bench.start())
  return processes
}

onEachPair('an upload session on several replicas', (open) => {
  it('is begun on one, gets its bytes on another and is closed on a third, where nothing is read again', async () => {
    await using bench = await open()
    const [first, second, third] = await started(bench, 3)
    const digest = digestOf('some bytes')
    const reads = await openCalls([first!, second!, third!], async () => {
      const { id } = await first!.registry.uploads.start('a')
      await second!.registry.uploads.append('a', id, body('some ', 'bytes'))
      await third!.registry.uploads.finish('a', id, { digest })
    })
    expect(reads).toBe(0)
    expect(await readBlob(first!.registry, 'a', digest)).toBe('some bytes')
  })

  it('goes on hashing where it stopped, on the replica that wrote last', async () => {
    await using bench = await open()
    const processes = await started(bench, 2)
    const [first, second] = processes
    const reads = await openCalls(processes, async () => {
      const { id } = await first!.registry.uploads.start('a')
      for (const text of ['one ', 'two ', 'three']) await first!.registry.uploads.append('a', id, body(text))
      await second!.registry.uploads.finish('a', id, { digest: digestOf('one two three') })
    })
    expect(reads).toBe(0)
  })

  it('is read once at its end, when two replicas wrote to it', async () => {
    await using bench = await open()
    const processes = await started(bench, 3)
    const [first, second, third] = processes
    const digest = digestOf('one two')
    const { id } = await first!.registry.uploads.start('a')
    await first!.registry.uploads.append('a', id, body('one '))
    expect(await openCalls(processes, () => second!.registry.uploads.append('a', id, body('two')))).toBe(0)
    // One blob of two objects: each is opened once.
    expect(await openCalls(processes, () => third!.registry.uploads.finish('a', id, { digest }))).toBe(2)
    expect(await readBlob(first!.registry, 'a', digest)).toBe('one two')
  })

  it('is read at its end, when its last bytes come to another replica', async () => {
    await using bench = await open()
    const processes = await started(bench, 2)
    const [first, second] = processes
    const { id } = await first!.registry.uploads.start('a')
    await first!.registry.uploads.append('a', id, body('one '))
    const finish = async (digest: Digest, last: string): Promise<unknown> => second!.registry.uploads.finish('a', id, { digest, body: body(last) })
    await expect(finish(digestOf('one '), 'two')).rejects.toMatchObject({ code: 'DIGEST_INVALID' })
    expect(await openCalls(processes, () => finish(digestOf('one two'), 'two'))).toBe(2)
    expect(await readBlob(first!.registry, 'a', digestOf('one two'))).toBe('one two')
  })

  it('is not closed with a digest that a replica knew before another wrote to it', async () => {
    await using bench = await open()
    const [first, second] = await started(bench, 2)
    const { id } = await first!.registry.uploads.start('a')
    await first!.registry.uploads.append('a', id, body('one '))
    await second!.registry.uploads.append('a', id, body('two '))
    await first!.registry.uploads.append('a', id, body('three'))
    for (const wrong of ['one ', 'one two ', 'one three', 'three']) {
      const closing = first!.registry.uploads.finish('a', id, { digest: digestOf(wrong) })
      await expect(closing).rejects.toMatchObject({ code: 'DIGEST_INVALID' })
    }
    await first!.registry.uploads.finish('a', id, { digest: digestOf('one two three') })
    expect(await readBlob(second!.registry, 'a', digestOf('one two three'))).toBe('one two three')
  })

  it('is taken on by another replica where a client broke off', async () => {
    await using bench = await open()
    const [first, second] = await started(bench, 2)
    const failure = new Error('gone')
    const { id } = await first!.registry.uploads.start('a')
    await expect(first!.registry.uploads.append('a', id, broken(failure, 'one '))).rejects.toBe(failure)
    expect(await second!.registry.uploads.status('a', id)).toEqual({ id, offset: 4 })
    await second!.registry.uploads.append('a', id, body('two'), { start: 4 })
    await first!.registry.uploads.finish('a', id, { digest: digestOf('one two') })
    expect(await readBlob(second!.registry, 'a', digestOf('one two'))).toBe('one two')
  })

  it('survives the end of the process that began it', async () => {
    await using bench = await open()
    const { id } = await bench.registry.uploads.start('a')
    await bench.registry.uploads.append('a', id, body('one '))
    bench.kill()
    const { registry } = await bench.start()
    await registry.uploads.append('a', id, body('two'))
    await registry.uploads.finish('a', id, { digest: digestOf('one two') })
    expect(await readBlob(registry, 'a', digestOf('one two'))).toBe('one two')
  })
})

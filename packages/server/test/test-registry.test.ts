import { expect, it } from 'vitest'
import { startTestRegistry } from '../src/testing.js'

it('listens on a free port, and ends with its scope', async () => {
  let url: string
  {
    await using registry = await startTestRegistry()
    await using other = await startTestRegistry()
    expect(registry.url).toBe(`http://${registry.host}`)
    expect(other.host).not.toBe(registry.host)
    expect((await fetch(`${registry.url}/v2/`)).status).toBe(200)
    url = registry.url
  }
  await expect(fetch(`${url}/v2/`)).rejects.toThrow(TypeError)
})

it('listens on the port that is asked for, and tells of one that is taken', async () => {
  await using registry = await startTestRegistry()
  const port = Number(new URL(registry.url).port)
  await expect(startTestRegistry({ port })).rejects.toThrow('EADDRINUSE')
  await registry.close()
  await using next = await startTestRegistry({ port })
  expect(next.url).toBe(registry.url)
})

it('gives the registry to look inside, and may be closed again', async () => {
  const running = await startTestRegistry()
  expect((await running.registry.uploads.start('team/app')).offset).toBe(0)
  await running.close()
  await running.close()
  await expect(running.registry.uploads.start('team/app')).rejects.toMatchObject({ code: 'CLOSED' })
})

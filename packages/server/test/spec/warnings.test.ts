import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { preparedImage, pushManifest } from './support/manifests.js'

onEachPair('warnings', (start) => {
  it('have the code 299, no agent and no date [warning-code] [warning-date]', async () => {
    const server = await start({ warning: 'This registry moves on "Friday".' })
    await pushManifest(server, 'a', await preparedImage(server, 'a'), 'v1')
    for (const path of ['/v2/', '/v2/a/manifests/v1', '/v2/a/manifests/missing']) {
      expect((await server.send('GET', path)).headers.get('warning')).toBe('299 - "This registry moves on \\"Friday\\"."')
    }
  })

  it('are not there where the operator gave none [warning-code]', async () => {
    const { send } = await start()
    expect((await send('GET', '/v2/')).headers.get('warning')).toBeNull()
  })

  it('have at most 4096 bytes: with a longer one no registry starts [warning-bytes]', async () => {
    const around = '299 - ""'.length
    const { send } = await start({ warning: 'x'.repeat(4096 - around) })
    expect((await send('GET', '/v2/')).headers.get('warning')).toHaveLength(4096)
    await expect(start({ warning: 'x'.repeat(4097 - around) })).rejects.toMatchObject({ code: 'CONFIG' })
    await expect(start({ warning: '"'.repeat(4096 - around) })).rejects.toMatchObject({ code: 'CONFIG' })
  })
})

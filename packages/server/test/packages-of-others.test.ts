import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { azureAndPostgres } from './durability/support/azure-and-postgres.js'
import { soundBlobs, taggedDescriptor } from './support/oci-layout.js'
import { startRegistryProcess } from './support/registry-process.js'
import { describeWith } from './support/require-program.js'
import { skopeoIn } from './support/skopeo.js'
import { temporaryFolder } from './support/temporary-folder.js'

describeWith(['skopeo', 'umoci', 'postgres'], 'a registry on a driver and an index of others, azure-blob and postgres', () => {
  it('takes an image from skopeo, and gives it back the same after a restart', async () => {
    const folder = temporaryFolder()
    const skopeo = skopeoIn(folder)
    await skopeo.umoci('init', '--layout', 'image')
    await skopeo.umoci('new', '--image', 'image:v1')
    // One in a request, one in blocks.
    for (const [n, size] of [1000, 20_000_000].entries()) {
      await skopeo.umoci('insert', '--rootless', '--image', 'image:v1', await skopeo.writeFile(`files-${n}`, randomBytes(size)), `/layer-${n}`)
    }
    const disk = temporaryFolder()
    ;(await azureAndPostgres()).serve(disk)
    const start = (): ReturnType<typeof startRegistryProcess> => startRegistryProcess(undefined, ['--config', join(disk, 'config.yml')])
    const first = await start()
    expect(first.output[1]).toMatch(/^Data in {7}azure-blob /)
    await skopeo.copy('oci:image:v1', `docker://${first.address}/team/image:v1`)
    expect(await first.stop()).toBe(0)
    const second = await start()
    await skopeo.copy(`docker://${second.address}/team/image:v1`, 'oci:back:v1')
    expect(await taggedDescriptor(join(folder, 'back'), 'v1')).toEqual(await taggedDescriptor(join(folder, 'image'), 'v1'))
    // Two layers, the config, the manifest.
    expect(await soundBlobs(join(folder, 'back'))).toHaveLength(4)
    expect(await second.stop()).toBe(0)
  }, 120_000)
})

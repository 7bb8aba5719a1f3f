import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { dynamodbTables } from '@registry/services/dynamodb-tables'
import { startS3Server } from '@registry/services/s3-server'
import { expect, it, onTestFinished } from 'vitest'
import { runRegistryCommand, startRegistryProcess } from '../support/registry-process.js'
import { temporaryFolder } from '../support/temporary-folder.js'

describeWithDynamodb('a command whose configuration names tables of nobody', () => {
  it.each([[['ls']], [['verify']], [['verify', '--repair']], [['rm', 'a:tag']]])('%j is refused, and takes the storage from no server', async (args) => {
    const [server, own, other] = await Promise.all([startS3Server(), dynamodbTables(), dynamodbTables()])
    onTestFinished(async () => {
      await Promise.all([server.close(), own[Symbol.asyncDispose](), other[Symbol.asyncDispose]()])
    })
    const folder = temporaryFolder()
    const configured = ({ endpoint, region, accessKey, secretKey, database }: typeof own): string => {
      const config = join(folder, `${database}.yml`)
      const s3 = { endpoint: server.endpoint, bucket: server.bucket, region: server.region, access_key: server.accessKey, secret_key: server.secretKey }
      const dynamodb = { endpoint, region, access_key: accessKey, secret_access_key: secretKey, database }
      writeFileSync(config, JSON.stringify({ dev: { storage: 's3', s3, index: 'dynamodb', dynamodb } }))
      return config
    }
    const registry = await startRegistryProcess(undefined, ['--config', configured(own)])
    const post = async (): Promise<number> => (await fetch(`http://${registry.address}/v2/a/blobs/uploads/`, { method: 'POST' })).status
    expect(await post()).toBe(202)
    const owner = server.objects().find(({ key }) => key.endsWith('registry.json'))

    const { code, stderr } = await runRegistryCommand([...args, '--config', configured(other)])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^registry: storage s3 has a registry, and this index \(dynamodb\) is empty: name the index that it is used with/)])
    expect(server.objects().find(({ key }) => key.endsWith('registry.json'))).toEqual(owner)
    expect((await fetch(`http://${registry.address}/readyz`)).status).toBe(200)
    expect(await post()).toBe(202)
  })
})

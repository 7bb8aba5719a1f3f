import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseReference } from '@registry/core'
import { fileDriver } from '@registry/driver-file'
import { s3Driver } from '@registry/driver-s3'
import { createRegistry, type Registry } from '@registry/engine'
import { dynamodbIndex } from '@registry/index-dynamodb'
import { sqliteIndex } from '@registry/index-sqlite'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { dynamodbTables } from '@registry/services/dynamodb-tables'
import { startS3Server } from '@registry/services/s3-server'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { blobOf, imageManifest, randomBlob, type TestBlob } from '../support/test-server.js'

const image = parseReference('v1')

async function pushBlob(registry: Registry, { bytes, digest }: TestBlob): Promise<void> {
  const { id } = await registry.uploads.start('a')
  await registry.uploads.finish('a', id, {
    digest,
    body: (async function* () {
      yield bytes
    })(),
  })
}

/** Paths and bytes of the files that a registry's storage is to have, as the page tells whoever copies them. */
function filesToCopy(folder: string): readonly (readonly [string, Buffer])[] {
  const folders = ['blobs', 'repositories']
  const below = (name: string): readonly string[] => readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' })
  const paths = ['registry.json', ...folders.flatMap((name) => below(name).map((path) => join(name, path)))]
  return paths.filter((path) => statSync(join(folder, path)).isFile()).map((path) => [path, readFileSync(join(folder, path))] as const)
}

describeWithDynamodb('a registry that was a folder with SQLite', () => {
  it('is the same on S3 and DynamoDB, when its files are copied to a bucket', async () => {
    const folder = temporaryFolder()
    const config = blobOf('{}')
    const layer = randomBlob(200_000)
    const manifest = imageManifest(config, [layer])
    const [onDisk, inFile] = await Promise.all([fileDriver({ root: folder }), sqliteIndex({ file: join(folder, '@index.sqlite') })])
    const before = await createRegistry({ driver: onDisk, index: inFile })
    for (const blob of [config, layer]) await pushBlob(before, blob)
    await before.manifests.push('a', image, manifest.bytes)
    await before.close()

    await using tables = await dynamodbTables()
    const s3 = await startS3Server({ signatures: false })
    try {
      for (const [path, bytes] of filesToCopy(folder)) s3.write(`registry/${path}`, bytes)
      const driver = await s3Driver({ ...s3, sweep: false })
      const index = await dynamodbIndex({ ...tables, secretAccessKey: tables.secretKey })
      await using after = await createRegistry({ driver, index, exclusive: true })
      expect(await after.rebuild?.report).toMatchObject({ counts: { repositories: 1, manifests: 1, tags: 1, blobs: 2 }, problemCount: 0 })
      expect(Buffer.from((await after.manifests.get('a', image)).bytes)).toEqual(manifest.bytes)
      await using open = await after.blobs.open('a', layer.digest)
      const chunks: Uint8Array[] = []
      for await (const chunk of open.body) chunks.push(chunk)
      expect(Buffer.concat(chunks).equals(layer.bytes)).toBe(true)
    } finally {
      await s3.close()
    }
  })
})

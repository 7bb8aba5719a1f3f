import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { freePort } from '@registry/services/free-port'
import ts from 'typescript'
import { isInstalled } from './is-installed.mjs'
import { inRepository, startProgram } from './processes.mjs'

const bucket = 'registry'
const ceph = ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph']

/** An S3 store with an empty bucket: a Ceph Object Gateway where Ceph is installed, else the S3 server that the tests use. */
export async function startStore(folder) {
  return ceph.every(isInstalled) ? startCeph(folder) : startS3Server(folder)
}

async function startCeph(folder) {
  const [port, monitorPort] = [await freePort(), await freePort()]
  const ports = ['--port', String(port), '--monitor-port', String(monitorPort)]
  const args = [inRepository('scripts/services/radosgw.sh'), join(folder, 'ceph'), ...ports, '--until-stdin-ends', '--remove']
  const { found, close } = await startProgram('bash', args, { ready: /^ready (.*)$/ })
  const store = { name: 'Ceph Object Gateway', endpoint: found, bucket, region: 'us-east-1', accessKey: 'AKTEST', secretKey: 'SKTESTSKTEST', close }
  const { endpoint, region, accessKey, secretKey } = store
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId: accessKey, secretAccessKey: secretKey } })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  client.destroy()
  return store
}

async function startS3Server(folder) {
  // It is TypeScript, which not every Node that the registry runs on can run.
  const [source, compiled] = [inRepository('scripts/services/src/s3-server'), join(folder, 's3-server')]
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  await mkdir(compiled)
  await writeFile(join(compiled, 'package.json'), JSON.stringify({ type: 'module' }))
  for (const name of await readdir(source)) {
    const { outputText } = ts.transpileModule(await readFile(join(source, name), 'utf8'), { compilerOptions })
    await writeFile(join(compiled, name.replace(/\.ts$/, '.js')), outputText)
  }
  const { startS3Server: start } = await import(pathToFileURL(join(compiled, 'start-s3-server.js')).href)
  const { endpoint, region, accessKey, secretKey, close } = await start({ bucket })
  return { name: 'the S3 server of the tests (Ceph is not installed)', endpoint, bucket, region, accessKey, secretKey, close }
}

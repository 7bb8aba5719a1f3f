import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkImage } from './check-image.mjs'
import { startFront } from './front.mjs'
import { indexContents } from './index-contents.mjs'
import { startDynamodb } from './start-dynamodb.mjs'
import { startReplica } from './start-replica.mjs'
import { startStore } from './start-store.mjs'

const help = `Usage: npm start [-- options], in examples/s3-dynamodb

Starts a registry of three replicas on S3 and DynamoDB, all on this machine, and keeps nothing. Ctrl-C ends everything.

  --port N   where clients push and pull; 5000 unless told, and 0 for a free port
  --check    pushes an image and pulls it from each replica, shows what the index holds, and ends
  --help     this text`

const { port, check } = readOptions()
const folder = await mkdtemp(join(tmpdir(), 'registry-example-'))
/** What was started, in this order. */
const started = []
let ending = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(0))

try {
  const store = await keep(startStore(folder))
  console.log(`Store     ${store.name} at ${store.endpoint}, bucket ${store.bucket}`)
  const dynamodb = await keep(startDynamodb())
  console.log(`Index     DynamoDB Local at ${dynamodb.endpoint}, tables ${dynamodb.database}-repository and ${dynamodb.database}-version`)
  const replicas = await Promise.all([1, 2, 3].map(() => keep(startReplica(store, dynamodb))))
  console.log(`Replicas  ${replicas.map(({ address }) => address).join(', ')}`)
  const front = await keep(startFront(replicas, { port, folder }))
  console.log(`In front  ${front.name} at ${front.address}, each request to the next replica`)

  if (check) {
    console.log(await checkImage(front, replicas))
    console.log(await indexContents(dynamodb))
    await end(0)
  }
  console.log(`
Push to ${front.address}, for example:
  docker pull alpine && docker tag alpine ${front.address}/alpine && docker push ${front.address}/alpine
  skopeo copy --dest-tls-verify=false docker://docker.io/library/alpine docker://${front.address}/alpine

Enter shows what the index holds. Ctrl-C ends everything, and nothing is kept.`)
  process.stdin.on('data', () => void indexContents(dynamodb).then(console.log, console.error))
} catch (error) {
  // What is ended while it starts fails, and that is no news.
  if (!ending) console.error(error.message)
  await end(1)
}

/** Keeps what starts, so that it is ended with the rest. */
async function keep(starting) {
  started.push(starting)
  return starting
}

async function end(code) {
  if (ending) return
  ending = true
  for (const each of started.reverse()) await each.then(({ close }) => close(), () => {})
  await rm(folder, { recursive: true, force: true })
  process.exit(code)
}

function readOptions() {
  try {
    const known = { port: { type: 'string', default: '5000' }, check: { type: 'boolean', default: false }, help: { type: 'boolean' } }
    const { values } = parseArgs({ options: known })
    if (values.help) {
      console.log(help)
      process.exit(0)
    }
    if (!/^\d{1,5}$/.test(values.port)) throw new Error(`--port expects a number, got ${JSON.stringify(values.port)}`)
    return { port: Number(values.port), check: values.check }
  } catch (error) {
    console.error(`${error.message}\n\n${help}`)
    process.exit(1)
  }
}

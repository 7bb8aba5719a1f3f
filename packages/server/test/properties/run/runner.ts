import type { Sequence } from '../generate/sequence.js'
import { requestOf, type Scene } from '../generate/request-of.js'
import { commonBlobs, worldOf } from '../generate/world.js'
import { answerTo } from '../model/answer-to.js'
import type { Link, Request } from '../model/exchange.js'
import { digestOf } from '../model/grammar.js'
import { emptyState, type Limits, repositoryOf, type State } from '../model/state.js'
import { sessionOf } from '../model/uploads.js'
import type { StartServer } from '../../support/on-each-pair.js'
import { type Client, connectTo } from './client.js'
import { differences } from './differences.js'
import { transcriptLine } from './transcript.js'

/** One server, for any number of runs. */
export interface Runner extends Disposable {
  /** @throws where the server does not answer as the model does, with all that was sent */
  run(sequence: Sequence): Promise<void>
}

/** Small, so that small sequences reach them. */
const limits: Limits = { pageEntries: 3, referrersBytes: 300, manifestBytes: 4096, manifestDescriptors: 4, pushTags: 4 }

export async function startRunner(start: StartServer): Promise<Runner> {
  const { manifestBytes, manifestDescriptors, pushTags, pageEntries, referrersBytes } = limits
  const { port } = await start({ policy: { manifestBytes, manifestDescriptors, pushTags }, limits: { pageEntries, referrersBytes } })
  const client = connectTo(port)
  const before = await withCommonBlobs(client)
  let runs = 0
  return {
    async run(sequence: Sequence): Promise<void> {
      await runSequence(client, before, String(runs++).padStart(7, '0'), sequence)
    },
    [Symbol.dispose]: () => {
      client[Symbol.dispose]()
    },
  }
}

/** Blobs that every run has are there before the first, so that no run sees what another did with them. */
async function withCommonBlobs(client: Client): Promise<State> {
  const exchanges = new Exchanges(client)
  let state = emptyState(limits)
  for (const body of commonBlobs) {
    for (const algorithm of ['sha256', 'sha512'] as const) {
      const path = `/v2/common/blobs/uploads/?digest=${digestOf(algorithm, body)}`
      state = (await exchanges.make(state, { method: 'POST', path, headers: {}, body, chunked: false })).state
    }
  }
  return state
}

async function runSequence(client: Client, before: State, run: string, { recipes, steps }: Sequence): Promise<void> {
  const world = worldOf(run, recipes)
  const documents = new Map(world.documents.map(({ bytes, facts }) => [bytes.toString('latin1'), facts]))
  const exchanges = new Exchanges(client)
  let scene: Scene = { world, state: { ...before, documents }, slots: new Map(), link: undefined }
  for (const step of steps) {
    const request = requestOf(step, scene)
    const { state, link, newSession } = await exchanges.make(scene.state, request)
    const slots = step.kind === 'start' && newSession !== undefined ? new Map([...scene.slots, [step.slot, newSession]]) : scene.slots
    scene = { ...scene, state, slots, link: link ?? scene.link }
  }
  let { state } = scene
  for (const [method, path] of lastLooks(scene)) state = (await exchanges.make(state, { method, path, headers: {}, body: undefined, chunked: false })).state
}

/** Whether all that is left is there; and an end of the sessions, of which a server has only so many. */
function lastLooks({ world, state }: Scene): readonly (readonly [method: string, path: string])[] {
  const names = world.repositories.filter((name) => state.repositories.get(name)?.exists)
  return [
    ...names.map((name) => ['GET', `/v2/${name}/tags/list`] as const),
    ...names.flatMap((name) => [...repositoryOf(state, name).manifests.keys()].map((digest) => ['HEAD', `/v2/${name}/manifests/${digest}`] as const)),
    ...[...state.sessions].map(([id, { repository }]) => ['DELETE', `/v2/${repository}/blobs/uploads/${id}`] as const),
  ]
}

interface Outcome {
  readonly state: State
  readonly link: Link | undefined
  readonly newSession: string | undefined
}

/** Requests one after the other, and what is told of them when one goes wrong. */
class Exchanges {
  readonly #client: Client
  readonly #lines: string[] = []

  constructor(client: Client) {
    this.#client = client
  }

  async make(state: State, request: Request): Promise<Outcome> {
    const expected = answerTo(state, request)
    const answer = await this.#client.send(request).catch((error: unknown) => {
      this.#lines.push(transcriptLine(request, undefined, expected))
      throw new Error(this.#told(['there was no answer']), { cause: error })
    })
    this.#lines.push(transcriptLine(request, answer, expected))
    const found = differences(request, expected, answer)
    if (found.length > 0) throw new Error(this.#told(found))
    const newSession = expected.newSession === undefined ? undefined : sessionOf(answer)
    return { state: expected.next(answer), link: expected.link, newSession }
  }

  /** What is wrong with the last answer, and all that led to it. */
  #told(found: readonly string[]): string {
    return [`${found.join('; ')}:`, ...this.#lines].join('\n')
  }
}

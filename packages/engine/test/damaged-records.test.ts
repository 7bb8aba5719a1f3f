import { mediaTypes } from '@registry/core'
import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import type { Blob } from '../src/rows.js'
import { answersOf } from './support/answers.js'
import { type Bench, onEachPair, onPairsAtHand, type OpenBench } from './support/bench.js'
import { body, descriptor, digestOf, imageOf, indexOf, pushBlob, pushImage, pushManifest } from './support/images.js'

type Objects = Readonly<Record<string, string>>

/** Everything in storage, but for which index it belongs to. */
async function objectsOf(bench: Bench): Promise<Objects> {
  const keys = (await bench.keys()).filter((key) => key !== 'registry.json')
  return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await bench.object(key)] as const)))
}

async function problemsOf({ registry }: Bench): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of (await registry.rebuild!.report).problems()) keys.push(key)
  return keys
}

/** Puts other texts in the place of these objects, rebuilds, mends them, and rebuilds once more: `ask` is answered as before. */
async function damageAndMend(bench: Bench, damage: Objects, ask: (bench: Bench) => Promise<unknown> = answersOf): Promise<void> {
  const before = { answers: await ask(bench), objects: await objectsOf(bench) }
  for (const [key, text] of Object.entries(damage)) await bench.driver.put(key, body(text))
  await bench.rebuild()
  expect(await problemsOf(bench)).toEqual(expect.arrayContaining(Object.keys(damage)))
  await bench.registry.sweep({ noteAge: 0 })
  expect(await objectsOf(bench), 'nothing is buried, deleted or replaced').toEqual({ ...before.objects, ...damage })

  for (const key of Object.keys(damage)) await bench.driver.put(key, body(before.objects[key]!))
  await bench.rebuild()
  expect({ problems: await problemsOf(bench), objects: await objectsOf(bench), answers: await ask(bench) }).toEqual({ problems: [], ...before })
}

async function fillVaried(bench: Bench): Promise<void> {
  const { registry } = bench
  const { manifest } = await pushImage(registry, 'a', 'one', ['{}', 'layer'])
  for (const tag of ['two', 'Three']) await pushManifest(registry, 'a', tag, manifest)
  await pushManifest(registry, 'a', digestOf(manifest, 'sha512'), manifest)
  await pushImage(registry, 'a', 'signature', ['{}', 'signature'], { subject: descriptor(manifest, mediaTypes.imageManifest) })
  await pushImage(registry, `${'long'.repeat(60)}/n`, 'large', ['{}'], { annotations: { note: 'x'.repeat(500_000) } })
  for (const layer of ['first', 'second']) await pushImage(registry, 'b/c', 'moving', ['{}', layer])
  await registry.tags.delete('b/c', 'moving')
  for (const repository of ['b/c', 'gone']) await pushImage(registry, repository, 'deleted', ['{}', 'last'])
  await registry.manifests.delete('b/c', digestOf(imageOf(['{}', 'last'])))
  await registry.repositories.delete('gone')
  await bench.settled()
  const key = rowKeys.blob(digestOf('layer'))
  for (let heals = 1; heals <= 2; heals++) {
    await bench.put(key, { ...((await bench.row(key)) as Blob), state: 'corrupt' })
    await pushBlob(registry, 'a', 'layer')
    await bench.settled()
  }
}

/** The text with another last letter or digit in the value of a field, which is still JSON; `undefined` where it has no such field. */
function wrongIn(text: string, field: string): string | undefined {
  const value: unknown = (JSON.parse(text) as Readonly<Record<string, unknown>>)[field]
  if (value === undefined) return undefined
  const member = `"${field}":${JSON.stringify(value)}`
  const wrong = member.replace(/[0-9a-z](?=[^0-9a-z]*$)/, (last) => (last === '1' ? '2' : /\d/.test(last) ? '1' : last === 'a' ? 'b' : 'a'))
  return text.replace(member, () => wrong)
}

function wrongByte(text: string, n: number): string {
  const bytes = Buffer.from(text)
  bytes[n]! ^= 1
  return bytes.toString()
}

/** The name of a repository that is too long for a key is in no key: without its record only the manifests know it. */
const ofRepository = /^repositories\/(?!!!).*\/_repository\//

type Kind = readonly [name: string, pattern: RegExp, fields: readonly string[]]

function eachField(open: OpenBench, kinds: readonly Kind[]): void {
  it.each(kinds)('of %s is named whatever field is wrong; nothing that depends on it is buried, and all is there once it is mended', async (_, pattern, fields) => {
    await using bench = await open({ untidy: 'a rebuild does not find the blobs of deleted manifests' })
    await fillVaried(bench)
    const records = Object.entries(await objectsOf(bench)).filter(([key]) => pattern.test(key))
    expect(new Set(records.flatMap(([, text]) => Object.keys(JSON.parse(text) as object)))).toEqual(new Set(fields))
    for (const field of fields) {
      const damage = records.flatMap(([key, text]) => {
        const wrong = wrongIn(text, field)
        return wrong === undefined ? [] : [[key, wrong] as const]
      })
      expect(damage.filter(([key, text]) => records.some(([other, original]) => other === key && original === text))).toEqual([])
      await damageAndMend(bench, Object.fromEntries(damage))
    }
  }, 180_000)
}

onEachPair('a damaged record', (open) => {
  eachField(open, [
    ['a repository', ofRepository, ['repository', 'version', 'created', 'deleted', 'checksum']],
    ['moved objects', /!moved-/, ['version', 'digest', 'size', 'objects', 'checksum']],
  ])
})

onPairsAtHand('a damaged record', (open) => {
  eachField(open, [
    ['a manifest', /_manifests\//, ['repository', 'digest', 'version', 'generation', 'mediaType', 'size', 'subject', 'time', 'text', 'object', 'blobs', 'deleted', 'checksum']],
    ['a tag', /_tags\//, ['repository', 'tag', 'version', 'digest', 'generation', 'manifestVersion', 'time', 'deleted', 'checksum']],
  ])

  it('of a manifest or a tag is named whatever byte is wrong', async () => {
    await using bench = await open()
    const push = (n: number): Promise<unknown> => pushManifest(bench.registry, 'a', `tag-${1000 + n}`, indexOf([], { annotations: { n: String(1000 + n) } }))
    const recordsOf = async (pattern: RegExp): Promise<readonly [string, string][]> => Object.entries(await objectsOf(bench)).filter(([key]) => pattern.test(key))
    await push(0)
    await bench.settled()
    // As many records as the longer one has bytes, of which each has another one wrong.
    const [[, manifest]] = (await recordsOf(/_manifests\//)) as [[string, string]]
    const { length } = Buffer.from(manifest)
    for (let n = 1; n < length; n++) await push(n)
    await bench.settled()
    for (const pattern of [/_manifests\//, /_tags\//]) {
      const damage = (await recordsOf(pattern)).map(([key, text], n) => [key, wrongByte(text, n % text.length)] as const)
      expect(damage).toHaveLength(length)
      await damageAndMend(bench, Object.fromEntries(damage), async ({ registry }) => registry.tags.list('a', { limit: length }))
    }
  }, 60_000)
})

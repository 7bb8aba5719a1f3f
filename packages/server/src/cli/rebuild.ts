import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RegistryError } from '@registry/core'
import { createRegistry, type RebuildReport, type Registry } from '@registry/engine'
import { sqliteIndex } from '@registry/index-sqlite'
import type { Logger } from 'pino'
import type { Configuration } from '../config/configuration.js'
import { loadConfiguration, type LoadOptions } from '../config/load-configuration.js'
import { placeOf, requireStorage } from './existing-registry.js'
import { forgetfulDriver } from './forgetful-driver.js'
import { setIndexAside } from './index-aside.js'
import { stderrLogger } from './logger.js'
import { isNoRoom } from './no-room.js'
import { indexFileOf, openRegistry } from './open-registry.js'
import { dryRunCut, rebuildCut, rebuildNotBegun } from './rebuild-failure.js'
import { rebuildProgress } from './rebuild-progress.js'
import { unansweredLine } from './rebuild-unanswered.js'
import { refuse } from './refuse.js'

export interface RebuildOptions {
  readonly dryRun?: boolean
  readonly wait: boolean
  readonly json?: boolean
}

interface PrintOptions {
  readonly json: boolean
  readonly dryRun: boolean
}

/** Rebuilds an index, and prints what came of it. */
export async function rebuild(options: LoadOptions, { dryRun = false, wait, json = false }: RebuildOptions): Promise<void> {
  try {
    const configuration = await loadConfiguration(options)
    await requireStorage(configuration)
    const log = stderrLogger('info')
    const problemCount = await (dryRun ? tryOut(configuration, log, json) : makeAnew(configuration, log, { wait, json }))
    process.exitCode = problemCount > 0 ? 2 : 0
  } catch (error) {
    refuse(error)
  }
}

/** @returns how many things were left out */
async function makeAnew(configuration: Configuration, log: Logger, { wait, json }: { readonly wait: boolean; readonly json: boolean }): Promise<number> {
  const { file, place } = requireFileOfIndex(configuration)
  const aside = await setIndexAside(configuration, file, log)
  if (aside !== undefined) log.info({ aside: aside.file }, 'the index was set aside')
  const failed = firstError()
  const options = { exclusive: !wait, onRebuildProgress: rebuildProgress(process.stderr, log), onBackgroundError: failed.give }
  const registry = await openRegistry(configuration, log, options).catch(async (error: unknown) => {
    if (aside === undefined && !isNoRoom(error)) throw error
    const isBack = await aside?.putBack().catch(() => false)
    throw isBack === true ? rebuildNotBegun(place, error) : rebuildCut(place, aside?.file, error)
  })
  return printed(registry, failed.promise, { json, dryRun: false }).catch((error: unknown) => {
    throw registry.rebuild ? rebuildCut(place, aside?.file, error) : error
  })
}

/**
 * The file of the index, and the storage in the words of messages.
 *
 * @throws `CONFIG` where the index is no file, and so cannot be set aside
 */
function requireFileOfIndex(configuration: Configuration): { readonly file: string; readonly place: string } {
  const { index } = configuration
  const file = indexFileOf(configuration)
  if (file !== undefined) return { file, place: placeOf(configuration) }
  const todo = 'end every server on it, empty it by its own means (delete its tables), then `registry serve` makes it anew; --dry-run only counts'
  throw new RegistryError('CONFIG', `the index ${index.module.name} is no file that can be set aside and kept: ${todo}`)
}

/** @returns how many things would be left out */
async function tryOut({ storage }: Configuration, log: Logger, json: boolean): Promise<number> {
  const temporary = await mkdtemp(join(tmpdir(), 'registry-rebuild-'))
  try {
    const failed = firstError()
    const registry = await createRegistry({
      driver: forgetfulDriver(await storage.module.open(storage.options)),
      index: await sqliteIndex({ file: join(temporary, 'index.sqlite') }),
      exclusive: true,
      onRebuildProgress: rebuildProgress(process.stderr, log),
      onBackgroundError: failed.give,
    })
    return await printed(registry, failed.promise, { json, dryRun: true })
  } catch (error) {
    throw dryRunCut(error)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** What a rebuild reports is printed, then the registry is closed. */
async function printed(registry: Registry, failed: Promise<never>, { json, dryRun }: PrintOptions): Promise<number> {
  try {
    if (!registry.rebuild) throw new RegistryError('CONFIG', 'the storage holds no records of a registry')
    // Who died can be gone on with, so that one who waits for better times here serves nobody.
    const report = await Promise.race([registry.rebuild.report, failed])
    await print(report, { json, dryRun })
    return report.problemCount
  } finally {
    await registry.close()
  }
}

async function print(report: RebuildReport, { json, dryRun }: PrintOptions): Promise<void> {
  const { counts, problemCount, problems, unanswered } = report
  const say = (text: string): void => void process.stdout.write(`${text}\n`)
  for await (const problem of problems()) say(json ? JSON.stringify({ leftOut: problem }) : `left out: ${problem.key}: ${problem.reason}`)
  const notice = unansweredLine(report)
  if (notice !== undefined) say(json ? JSON.stringify({ unanswered }) : notice)
  if (json) {
    say(JSON.stringify({ ...counts, problems: problemCount, dryRun }))
    return
  }
  const { repositories, manifests, tags, blobs } = counts
  const nothing = notice === undefined ? 'nothing was left out' : 'nothing else was left out'
  const left = problemCount === 0 ? nothing : `${problemCount} of what storage holds is not whole and named above`
  say(`${dryRun ? 'A rebuild would find' : 'Rebuilt'}: ${repositories} repositories, ${manifests} manifests, ${tags} tags, ${blobs} blobs; ${left}`)
}

/** The first error that somebody gives, as something to wait for. */
function firstError(): { readonly promise: Promise<never>; readonly give: (error: unknown) => void } {
  let give: (error: unknown) => void = () => {}
  const promise = new Promise<never>((_, reject) => (give = reject))
  promise.catch(() => {})
  return { promise, give }
}

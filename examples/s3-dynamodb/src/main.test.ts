import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, symlinkSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { expect, it, onTestFinished } from 'vitest'

const main = fileURLToPath(new URL('main.mjs', import.meta.url))

interface Run {
  readonly lines: readonly string[]
  readonly code: number | null
}

interface RunOptions {
  /** The folders of programs. Default: those of the test. */
  readonly path?: string | undefined
  /** Sees each line as it comes. */
  readonly onLine?: (line: string, interrupt: () => void) => void
}

/** Runs the setup to its end. */
async function run(args: readonly string[], { path = process.env['PATH'], onLine = () => {} }: RunOptions = {}): Promise<Run> {
  const child = spawn(process.execPath, [main, '--port', '0', ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, PATH: path } })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      onLine(line, () => child.kill('SIGINT'))
    })
  }
  const [code] = (await once(child, 'close')) as [number | null]
  return { lines, code }
}

/** A folder with Java and no other program. */
function javaAlone(): string {
  const folder = mkdtempSync(join(tmpdir(), 'registry-java-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  symlinkSync(execFileSync('/bin/sh', ['-c', 'command -v java'], { encoding: 'utf8' }).trim(), join(folder, 'java'))
  return folder
}

describeWithDynamodb('three replicas on S3 and DynamoDB', () => {
  it.each([
    ['with what is installed', () => undefined, /./],
    ['without Ceph and nginx', javaAlone, /^Store {5}the S3 server of the tests .*\n(?:.*\n)*In front {2}a small balancer /m],
  ])('take an image, give it from each, and show what the index holds, %s', { timeout: 120_000 }, async (_, path, said) => {
    const { lines, code } = await run(['--check'], { path: path() })
    const text = lines.join('\n')
    expect(code, text).toBe(0)
    expect(text).toMatch(said)
    expect(text).toMatch(/^Pushed hello:v1 to 127\.0\.0\.1:\d+, and pulled it from each of the 3 replicas$/m)
    expect(text).toMatch(/^ +1 {2}tags$/m)
    expect(text).toMatch(/^ {2}hello:v1 {2}.*sha256:/m)
  })

  it('end on an interrupt, with all that they started', { timeout: 120_000 }, async () => {
    const addresses: string[] = []
    const onLine = (line: string, interrupt: () => void): void => {
      addresses.push(...(line.match(/127\.0\.0\.1:\d+/g) ?? []))
      if (line.startsWith('Enter shows')) interrupt()
    }
    const { lines, code } = await run([], { onLine })
    expect(code, lines.join('\n')).toBe(0)
    expect(new Set(addresses).size).toBeGreaterThanOrEqual(6)
    for (const address of addresses) await expect(fetch(`http://${address}/`)).rejects.toThrow('fetch failed')
  })
})

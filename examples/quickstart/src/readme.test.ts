import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describeWith, program } from '@registry/services/describe-with'
import { expect, it, onTestFinished } from 'vitest'

const run = promisify(execFile)
const main = fileURLToPath(new URL('../../../packages/server/dist/cli/main.js', import.meta.url))
const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8')

/** `nobody`: root's skopeo would keep what it knows of blobs where the whole machine shares it. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

const [install = '', ...steps] = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, lines]) => lines!)
const printed = [...readme.matchAll(/^```text\n(.*?)^```$/gms)].map(([, lines]) => lines!).join('')

/** An empty folder, and `npx registry` for what `npm install` would have brought. */
function emptyFolder(): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } {
  const cwd = mkdtempSync(join(tmpdir(), 'registry-quickstart-'))
  onTestFinished(() => rm(cwd, { recursive: true, force: true }))
  const programs = join(cwd, 'programs')
  mkdirSync(programs)
  writeFileSync(join(programs, 'npx'), `#!/bin/sh\ntest "$1" = registry && shift && exec ${process.execPath} ${main} "$@"\n`, { mode: 0o755 })
  if (unprivileged.uid !== undefined) chownSync(cwd, unprivileged.uid, unprivileged.gid)
  return { cwd, env: { PATH: `${programs}:${process.env['PATH'] ?? ''}`, HOME: cwd, XDG_DATA_HOME: cwd, XDG_RUNTIME_DIR: cwd, TMPDIR: cwd } }
}

describeWith([program('skopeo'), program('umoci')], 'the page of the quickstart', () => {
  it('has lines that do what it says, one behind the other', async () => {
    expect(install).toBe('npm init --yes\nnpm install @registry/server\nnpx registry serve\n')
    const place = { ...emptyFolder(), ...unprivileged }
    const serving = spawn('npx', ['registry', 'serve', '--port', '0', '--log-level', 'error'], { ...place, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(serving, 'exit')
    onTestFinished(async () => {
      serving.kill('SIGTERM')
      await ended
    })
    let address = ''
    for await (const line of createInterface({ input: serving.stdout })) {
      address = /^Listening on +http:\/\/(\S+)$/.exec(line)?.[1] ?? ''
      if (address !== '') break
    }
    let output = ''
    for (const step of steps) {
      // The description follows behind the answer of the push.
      if (step.includes('search')) await expect.poll(async () => (await fetch(`http://${address}/v1/search?q=image`)).text(), { timeout: 10_000 }).toContain('A first image')
      const { stdout } = await run('bash', ['-euc', step.replaceAll('127.0.0.1:5000', address)], place)
      output += stdout
    }
    expect(output).toBe(printed)
    const manifest = async (layout: string): Promise<string> => (await run('skopeo', ['inspect', '--raw', `oci:${layout}:v1`], place)).stdout
    expect(await manifest('back')).toBe(await manifest('image'))
  })
})

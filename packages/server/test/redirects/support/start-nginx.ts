import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@registry/services/free-port'
import { onTestFinished } from 'vitest'
import { root } from '../../image/repository.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

interface NginxOptions {
  /** `host:port` of the registry. */
  readonly registry: string
  /** The folder of its data. */
  readonly storage: string
}

/** Starts an nginx with the configuration that docs/redirects.md has, on a free port and without TLS. It ends with the test. */
export async function startNginx({ registry, storage }: NginxOptions): Promise<string> {
  const folder = temporaryFolder()
  const port = await freePort()
  writeFileSync(join(folder, 'nginx.conf'), configuration(serverBlock({ registry, storage, port }), folder))
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const errors: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await exited
  })
  const url = `http://127.0.0.1:${port}`
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${errors.join('')}`)
    await sleep(50)
  }
  return url
}

function serverBlock({ registry, storage, port }: NginxOptions & { readonly port: number }): string {
  const [, block = ''] = /^```nginx\n(.*?)^```$/ms.exec(readFileSync(join(root, 'docs', 'redirects.md'), 'utf8')) ?? []
  const own = [
    ['listen 443 ssl;', `listen 127.0.0.1:${port};`],
    ['http://127.0.0.1:5000;', `http://${registry};`],
    ['alias /var/lib/registry/data/;', `alias ${storage}/;`],
  ] as const
  const changed = own.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the page has no ${from}`)
    return text.replace(from, to)
  }, block)
  return changed.replaceAll(/^ *ssl_.*\n/gm, '')
}

/** One process, of the user of the test, with all its files in one folder. */
function configuration(server: string, folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`)
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events {}
http {
access_log off;
${temporary.join('\n')}
${server}}
`
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/livez`).then(
    ({ ok }) => ok,
    () => false,
  )
}

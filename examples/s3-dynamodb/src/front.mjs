import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { freePort } from '@registry/services/free-port'
import { isInstalled } from './is-installed.mjs'
import { startProgram } from './processes.mjs'

/** What clients talk to: nginx where it is installed, else a few lines of our own. Both send each request to the next replica. */
export async function startFront(replicas, { port, folder }) {
  return isInstalled('nginx') ? startNginx(replicas, { port: port || (await freePort()), folder }) : startBalancer(replicas, port)
}

async function startNginx(replicas, { port, folder }) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`)
  const configuration = `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr error;
events {}
http {
  access_log off;
  ${temporary.join(' ')}
  upstream registry {
    ${replicas.map(({ address }) => `server ${address};`).join(' ')}
  }
  server {
    listen 127.0.0.1:${port};
    client_max_body_size 0;
    location / {
      proxy_pass http://registry;
      proxy_set_header Host $http_host;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_request_buffering off;
      proxy_read_timeout 1h;
    }
  }
}
`
  const file = join(folder, 'nginx.conf')
  await writeFile(file, configuration)
  const address = `127.0.0.1:${port}`
  const { close } = await startProgram('nginx', ['-p', folder, '-c', file, '-e', 'stderr'], { ready: () => answers(address) })
  return { name: 'nginx', address, close }
}

async function answers(address) {
  return fetch(`http://${address}/livez`).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function startBalancer(replicas, port) {
  let next = 0
  const server = createServer((incoming, response) => {
    const [host, port] = replicas[next++ % replicas.length].address.split(':')
    const { method, url: path, headers } = incoming
    const forwarded = request({ host, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers)
      answer.pipe(response)
    })
    forwarded.on('error', () => response.destroy())
    incoming.pipe(forwarded)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    name: 'a small balancer (nginx is not installed)',
    address: `127.0.0.1:${server.address().port}`,
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

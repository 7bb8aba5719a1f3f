import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@registry/services/free-port'
import { startProgram } from './start-program.mjs'

/** nginx, which sends the tree of files with one worker. */
export const nginx = {
  name: 'nginx',
  kind: 'yardstick',
  command: 'nginx',
  async start({ folder, tree }) {
    const port = await freePort()
    const config = join(folder, 'nginx.conf')
    await writeFile(config, configuration({ folder, tree, port }))
    return startProgram('nginx', ['-c', config], { port, log: join(folder, 'log') })
  },
}

function configuration({ folder, tree, port }) {
  return `daemon off;
user root;
worker_processes 1;
pid ${join(folder, 'pid')};
error_log stderr;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  client_body_temp_path ${join(folder, 'body')};
  open_file_cache max=100;
  server { listen 127.0.0.1:${port}; location / { root ${tree}; } }
}
`
}

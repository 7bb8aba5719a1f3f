// A bare node:http server that knows nothing of registries: it answers a tree of files below their paths. Small ones it has in memory.
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream'

const [port, folder] = process.argv.slice(2)
const inMemory = 1_000_000

const files = new Map()
for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue
  const path = join(entry.parentPath, entry.name)
  const { size } = await stat(path)
  files.set(`/${relative(folder, path)}`, { path, size, bytes: size <= inMemory ? await readFile(path) : undefined })
}

createServer((request, response) => {
  const { path, size, bytes } = files.get(request.url)
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size })
  if (request.method === 'HEAD') response.end()
  else if (bytes) response.end(bytes)
  else pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), response, () => {})
}).listen(Number(port), '127.0.0.1')

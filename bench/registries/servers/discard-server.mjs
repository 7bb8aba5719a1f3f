// A server that throws away whatever it is sent, and answers as a registry would that took it: what a client can do at most.
import { createServer } from 'node:net'
import { MessageReader } from '../client/message-reader.mjs'
import { image } from '../contents/pulled.mjs'

const [port] = process.argv.slice(2).map(Number)

const upload = ['location: /v2/bench/discarded/blobs/uploads/1', 'docker-upload-uuid: 1']
const answers = {
  GET: answer('200 OK', ['content-type: application/octet-stream'], image.manifest.bytes),
  POST: answer('202 Accepted', upload),
  PATCH: answer('202 Accepted', upload),
  PUT: answer('201 Created', upload),
}
const there = answer('200 OK')
const missing = answer('404 Not Found')

/** Digests of blobs that are there, or were pushed. */
const pushed = new Set(image.blobs.map(({ digest }) => digest.replace('sha256:', '')))

createServer({ noDelay: true }, (socket) => {
  const reader = new MessageReader({
    onMessage: (head) => {
      const [method, target] = head.split(' ', 2)
      const hex = /sha256(?::|%3A)([0-9a-f]{64})/.exec(target)?.[1]
      if (method === 'PUT') pushed.add(hex)
      socket.write(method === 'HEAD' ? (pushed.has(hex) || !target.includes('/blobs/') ? there : missing) : answers[method])
    },
  })
  socket.on('data', (bytes) => {
    reader.read(bytes)
  })
  // A client that is done closes as it likes.
  socket.on('error', () => {})
}).listen(port, '127.0.0.1')

function answer(line, fields = [], body = Buffer.alloc(0)) {
  const head = [`HTTP/1.1 ${line}`, ...fields, `content-length: ${body.length}`, '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head), body])
}

import { createServer as createHttpServer, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import type { Answer } from './answer.js'
import { bodyOf, ConnectionLost, lengthOfBody, reset, send } from './connection.js'
import { type Fault, Faults, type InjectedFault } from './faults.js'
import { listObjects } from './list-objects.js'
import { type OpenUpload, Uploads } from './multipart.js'
import { deleteObjects, getObject, Objects, putObject, wholeObject } from './objects.js'
import { type Operation, parseRequest, type S3Request } from './parse-request.js'
import { receiveBody, type StoredBody } from './request-body.js'
import { S3Error } from './s3-error.js'
import { checkSignature, type Signer } from './signatures.js'

export type { Fault } from './faults.js'

export interface S3ServerOptions {
  readonly bucket?: string
  readonly region?: string
  /** False keeps of bodies above 1 MiB only size and hash; a GET of them is answered 500. True unless told. */
  readonly keepBodies?: boolean
  /** True saves time with gibibytes: the SHA-256 that a body was signed with is taken for its own, and makes its ETag. False unless told. */
  readonly trustHashes?: boolean
  /** Whether requests must be signed right. True unless told. */
  readonly signatures?: boolean
  /** Its clock, which it also tells in its answers. */
  readonly now?: () => Date
  /** The port on 127.0.0.1. A free one unless told. */
  readonly port?: number
  /** PEM. Without it, HTTP is spoken. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** A request as it was answered. */
export interface LoggedRequest {
  readonly method: string
  readonly operation: Operation
  /** Absent of requests about the bucket. */
  readonly key?: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  /** Absent while it is not answered; of an answer that a fault cut or lost, what it would have been. */
  readonly status?: number
}

/** A server that speaks as much of S3 as a driver needs, keeps everything in memory, and has one bucket. */
export interface S3Server extends Signer {
  /** `http://127.0.0.1:port`, or `https:`. Buckets are in the path. */
  readonly endpoint: string
  readonly bucket: string
  /** In the order in which they came. */
  readonly requests: readonly LoggedRequest[]
  /** How many requests of each operation came since the start, or since the last call of `takeRequests`. */
  counts(): Partial<Record<Operation, number>>
  /** Empties `requests`. */
  takeRequests(): readonly LoggedRequest[]
  inject(fault: Fault): InjectedFault
  /** Multipart uploads that are neither completed nor aborted. */
  uploads(): readonly OpenUpload[]
  /** Makes open multipart uploads this much older. */
  ageUploads(milliseconds: number): void
  /** Ascending by the bytes of their keys. */
  objects(): readonly { readonly key: string; readonly size: number }[]
  /** An object that is kept whole, read past all requests and faults. */
  read(key: string): { readonly bytes: Buffer; readonly modified: Date } | undefined
  /** Puts an object past all requests and faults. */
  write(key: string, bytes: Uint8Array): void
  /** Deletes an object past all requests and faults. */
  remove(key: string): void
  /** Forgets objects, uploads and requests. */
  clear(): void
  /** Cuts every connection. */
  close(): Promise<void>
}

const discardAbove = 1024 * 1024

export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const { bucket = 'test-bucket', region = 'us-east-1', keepBodies = true, trustHashes = false, signatures = true } = options
  const { now = (): Date => new Date(), port = 0, tls } = options
  const signer = { accessKey: 'AKIATESTTESTTESTTEST', secretKey: 'secretsecretsecretsecretsecretsecretsecr', region }
  const requests: { -readonly [member in keyof LoggedRequest]: LoggedRequest[member] }[] = []
  const faults = new Faults()
  let objects = new Objects()
  let uploads = new Uploads(objects)

  const receiving = { keepUpTo: keepBodies ? Infinity : discardAbove, trustHashes }

  const perform = async (request: S3Request, fault: Fault | undefined): Promise<Answer> => {
    if (signatures) checkSignature(request, signer, now())
    const receive = async (): Promise<StoredBody> => receiveBody(request, bodyOf(request, fault), receiving)
    if (request.bucket !== bucket) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist')
    switch (request.operation) {
      case 'AbortMultipartUpload':
        return uploads.abort(request)
      case 'CompleteMultipartUpload':
        return uploads.complete(request, await receive(), now())
      case 'CreateMultipartUpload':
        return uploads.create(request, now())
      case 'DeleteObject':
        objects.delete(request.key)
        return { status: 204 }
      case 'DeleteObjects':
        return deleteObjects(await receive(), objects)
      case 'GetObject':
      case 'HeadObject':
        return getObject(request, objects)
      case 'HeadBucket':
        return { status: 200, headers: { 'x-amz-bucket-region': region } }
      case 'ListMultipartUploads':
        return uploads.listUploads(request)
      case 'ListObjectsV2':
        return listObjects(request, objects)
      case 'ListParts':
        return uploads.listParts(request)
      case 'PutObject':
        return putObject(request, await receive(), objects, now())
      case 'UploadPart':
        return uploads.uploadPart(request, await receive())
      case 'Unknown':
        throw new S3Error('NotImplemented', `this server does not know ${request.method} ${request.path}`)
    }
  }

  const answerTo = async (request: S3Request, fault: Fault | undefined): Promise<Answer> => {
    try {
      if (fault?.kind === 'error') throw new S3Error(fault.code, 'injected', fault.headers)
      if (fault?.kind === 'error-in-success') return { ...new S3Error(fault.code, 'injected').answer(), status: 200 }
      return await perform(request, fault)
    } catch (error) {
      if (!(error instanceof S3Error)) throw error
      return error.answer()
    }
  }

  const serve = async (request: S3Request, response: ServerResponse): Promise<void> => {
    const { method, operation, key, query, headers } = request
    const logged: (typeof requests)[number] = { method, operation, ...(key !== '' && { key }), query, headers }
    requests.push(logged)
    const fault = faults.strike(request)
    if (fault?.kind === 'hang') return
    try {
      // A request without a body has no middle: its connection is reset at once.
      if (fault?.kind === 'reset-request' && lengthOfBody(headers) === 0) {
        reset(response)
        return
      }
      const answer = await answerTo(request, fault)
      logged.status = answer.status
      // What was not read of a body would be taken for the next request.
      request.incoming.resume()
      response.sendDate = false
      const common = { date: now().toUTCString(), server: 'test', 'x-amz-request-id': '1' }
      await send(response, { ...answer, headers: { ...common, ...answer.headers } }, fault)
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error
      response.destroy()
    }
  }

  const listener: RequestListener = (incoming, response) => void serve(parseRequest(incoming), response)
  const server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return {
    ...signer,
    endpoint: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket,
    requests,
    counts(): Partial<Record<Operation, number>> {
      const counts: Partial<Record<Operation, number>> = {}
      for (const { operation } of requests) counts[operation] = (counts[operation] ?? 0) + 1
      return counts
    },
    takeRequests: () => requests.splice(0),
    inject: (fault) => faults.inject(fault),
    uploads: () => uploads.list(),
    ageUploads: (milliseconds) => {
      uploads.age(milliseconds)
    },
    objects: () => objects.keys().map((key) => ({ key, size: objects.get(key).size })),
    read(key): { readonly bytes: Buffer; readonly modified: Date } | undefined {
      const object = objects.find(key)
      return object && { bytes: Buffer.concat(object.pieces ?? []), modified: object.modified }
    },
    write(key, bytes): void {
      objects.set(key, wholeObject(bytes, now()))
    },
    remove: (key) => {
      objects.delete(key)
    },
    clear(): void {
      objects = new Objects()
      uploads = new Uploads(objects)
      requests.length = 0
    },
    async close(): Promise<void> {
      if (!server.listening) return
      const closed = promisify(server.close.bind(server))()
      server.closeAllConnections()
      await closed
    },
  }
}

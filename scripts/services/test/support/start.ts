import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { GetObjectCommand, PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { expect, onTestFinished } from 'vitest'
import { type S3Server, type S3ServerOptions, startS3Server } from '../../src/s3-server/start-s3-server.js'

export interface Started {
  readonly server: S3Server
  readonly client: S3Client
}

export async function start(options: S3ServerOptions = {}, config: S3ClientConfig = {}): Promise<Started> {
  const server = await startS3Server(options)
  const client = clientOf(server, config)
  onTestFinished(async () => {
    client.destroy()
    await server.close()
  })
  return { server, client }
}

export function clientOf({ endpoint, region, accessKey, secretKey }: S3Server, config: S3ClientConfig = {}): S3Client {
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey }
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1, ...config })
}

export const Bucket: string = 'test-bucket'
export const mebibyte: number = 1024 * 1024

export async function put(client: S3Client, Key: string, Body: Uint8Array | string = 'content'): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket, Key, Body }))
}

export async function get(client: S3Client, Key: string, Range?: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...(Range !== undefined && { Range }) }))
  return buffer(Body as Readable)
}

/** `toEqual` takes seconds for a mebibyte. */
export function expectBytes(found: Buffer, expected: Buffer): void {
  expect(found.equals(expected), `${found.length} bytes that are not the ${expected.length} expected ones`).toBe(true)
}

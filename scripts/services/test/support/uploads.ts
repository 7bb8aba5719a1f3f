import { CompleteMultipartUploadCommand, CreateMultipartUploadCommand, type S3Client, UploadPartCommand } from '@aws-sdk/client-s3'
import { Bucket } from './start.js'

export async function createUpload(client: S3Client, Key: string): Promise<string> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ChecksumAlgorithm: 'CRC32', Bucket, Key }))
  return UploadId!
}

export interface Part {
  readonly ETag: string
  readonly PartNumber: number
}

export async function uploadPart(client: S3Client, Key: string, UploadId: string, PartNumber: number, Body: Uint8Array): Promise<Part> {
  const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))
  return { ETag: ETag!, PartNumber }
}

export async function complete(client: S3Client, Key: string, UploadId: string, Parts: readonly Part[]): Promise<void> {
  await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: [...Parts] } }))
}

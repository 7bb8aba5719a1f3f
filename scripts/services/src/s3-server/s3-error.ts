import type { Answer } from './answer.js'
import { element, text, xmlAnswer } from './xml.js'

const statuses = {
  AccessDenied: 403,
  BadDigest: 400,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  MalformedXML: 400,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  NotModified: 304,
  PermanentRedirect: 301,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  RequestTimeout: 400,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
  XAmzContentSHA256Mismatch: 400,
} as const

export type S3ErrorCode = keyof typeof statuses

/** A refusal by a code of S3's own. */
export class S3Error extends Error {
  constructor(
    readonly code: S3ErrorCode,
    message: string = code,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
  }

  xml(): string {
    return element('Error', text('Code', this.code), text('Message', this.message), text('RequestId', '1'))
  }

  answer(): Answer {
    const status = statuses[this.code]
    return status === 304 ? { status, headers: this.headers } : xmlAnswer(this.xml(), { status, headers: this.headers })
  }
}

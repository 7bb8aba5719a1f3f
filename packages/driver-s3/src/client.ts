import { S3Client } from '@aws-sdk/client-s3'
import { withContentMd5 } from './content-md5.js'
import { httpHandler } from './http-handler.js'
import { retryStrategy } from './retry-strategy.js'
import type { Settings } from './settings.js'

/** A client for the bucket at `endpoint`. */
export async function s3Client(settings: Settings, endpoint: URL | undefined = settings.endpoint): Promise<S3Client> {
  const make = (region: string | undefined): S3Client =>
    new S3Client({
      ...(region === undefined ? {} : { region }),
      ...(endpoint ? { endpoint: endpoint.href } : {}),
      ...(settings.credentials ? { credentials: settings.credentials } : {}),
      forcePathStyle: settings.pathStyle,
      maxAttempts: settings.retries + 1,
      retryStrategy: retryStrategy(settings.retries),
      requestChecksumCalculation: settings.checksums,
      // Whoever reads checks a digest, which is stronger.
      responseChecksumValidation: 'WHEN_REQUIRED',
      expectContinueHeader: false,
      requestHandler: handler,
    })
  const handler = await httpHandler(settings)
  const client = make(settings.region ?? (settings.endpoint ? 'us-east-1' : undefined))
  const hasRegion = await client.config.region().then(Boolean, () => false)
  return withContentMd5(hasRegion ? client : make('us-east-1'))
}

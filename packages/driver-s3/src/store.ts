import type { S3Client } from '@aws-sdk/client-s3'
import { s3Error, type S3Call } from './errors.js'
import type { Settings } from './settings.js'

/** The bucket, and how it is spoken to. */
export interface Store {
  readonly client: S3Client
  readonly settings: Settings
  /**
   * The answer to a request, with its errors told as those of a driver. `signal` ends it at once, with its own reason;
   * without one it is seen through to its end.
   */
  ask<Answer>(about: S3Call, request: (abortSignal: AbortSignal) => Promise<Answer>, signal?: AbortSignal): Promise<Answer>
  destroy(): void
}

export function storeOf(client: S3Client, settings: Settings): Store {
  // What the SDK's own limits do not see: an answer whose headers came, and whose end does not.
  const longest = 2 * (settings.retries + 1) * (settings.requestTimeout + settings.connectTimeout)
  return {
    client,
    settings,
    ask(about, request, signal) {
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        const controller = new AbortController()
        // Whoever aborts chooses the reason, and it need not be an error.
        const rejectWith: (reason: unknown) => void = reject
        const onAbort = (): void => {
          controller.abort()
          rejectWith(signal?.reason)
        }
        const timer = setTimeout(() => {
          controller.abort()
        }, longest)
        signal?.addEventListener('abort', onAbort, { once: true })
        const end = (): void => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', onAbort)
        }
        request(controller.signal).then(
          (answer) => {
            end()
            resolve(answer)
          },
          (error: unknown) => {
            end()
            reject(s3Error(error, settings, about))
          },
        )
      })
    },
    destroy() {
      client.destroy()
    },
  }
}

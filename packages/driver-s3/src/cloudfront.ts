import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { getSignedUrl } from '@aws-sdk/cloudfront-signer'
import type { PresignOptions, RegistryError } from '@registry/core'
import { configError, urlOf } from './config-error.js'
import { answerHeaders } from './answer-headers.js'
import type { S3DriverOptions } from './s3-driver-options.js'

/** A URL of the distribution for the object of this name in the bucket. */
export type CloudfrontSigner = (name: string, options: PresignOptions) => URL

/** @throws `CONFIG` where one of the three options is missing or the key is none */
export function cloudfrontSigner({ cloudfrontBase, cloudfrontKeyid, cloudfrontKeysecret }: S3DriverOptions): CloudfrontSigner | undefined {
  if (!cloudfrontBase && !cloudfrontKeyid && !cloudfrontKeysecret) return undefined
  if (!cloudfrontBase) throw configError('cloudfrontBase: expected the URL of the distribution, got none')
  if (!cloudfrontKeyid) throw configError('cloudfrontKeyid: expected the id of a key pair beside cloudfrontBase, got none')
  if (!cloudfrontKeysecret) throw configError('cloudfrontKeysecret: expected the private key beside cloudfrontBase, got none')
  const base = urlOf('cloudfrontBase', cloudfrontBase.includes('://') ? cloudfrontBase : `https://${cloudfrontBase}`)
  const privateKey = privateKeyOf(cloudfrontKeysecret)
  return (name, options) => {
    const url = new URL(base)
    url.pathname = `${base.pathname.replace(/\/+$/, '')}/${name.split('/').map(encodeURIComponent).join('/')}`
    const { type, disposition } = answerHeaders(options)
    if (type) url.searchParams.set('response-content-type', type)
    if (disposition) url.searchParams.set('response-content-disposition', disposition)
    const dateLessThan = new Date(Date.now() + options.expires * 1000)
    return new URL(getSignedUrl({ url: String(url), keyPairId: cloudfrontKeyid, privateKey, dateLessThan }))
  }
}

function privateKeyOf(secret: string): string {
  const text = secret.includes('-----BEGIN') ? secret : textOf(secret)
  let kind: string | undefined
  try {
    kind = createPrivateKey(text).asymmetricKeyType
  } catch {
    throw wrongKey('one that cannot be read')
  }
  // CloudFront knows no others.
  if (kind !== 'rsa' && kind !== 'ec') throw wrongKey(`one of ${kind ?? 'no kind'}, and not of RSA or ECDSA`)
  return text
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It may be a key that lacks its first line: it is not shown, and neither is the error, which repeats it.
    throw wrongKey('a text that is neither')
  }
}

function wrongKey(found: string): RegistryError {
  return configError(`cloudfrontKeysecret: expected a private key in PEM or the path of a file with one, got ${found}`)
}

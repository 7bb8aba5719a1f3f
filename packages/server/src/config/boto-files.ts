import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CheckedValue, Environment } from '@registry/core/config'
import { heritageOf } from './heritage-storages.js'

/** Options of the driver that say what a key of boto's files said; the first is the one to set. */
const replacements: Readonly<Record<string, readonly string[]>> = {
  aws_access_key_id: ['s3.access_key'],
  aws_secret_access_key: ['s3.secret_key'],
  gs_access_key_id: ['s3.access_key'],
  gs_secret_access_key: ['s3.secret_key'],
  host: ['s3.endpoint', 's3.host'],
  port: ['s3.endpoint', 's3.port', 's3.host'],
  calling_format: ['s3.path_style', 's3.calling_format'],
  proxy: ['s3.proxy'],
  proxy_port: ['s3.proxy_port'],
  proxy_user: ['s3.proxy_user'],
  proxy_pass: ['s3.proxy_pass'],
  ca_certificates_file: ['s3.ca_file'],
}

/** What files of boto say that no option says: boto read them by itself, and here nobody does. A line for each file. */
export function unreadBotoFiles(values: ReadonlyMap<string, CheckedValue>, storage: string, environment: Environment): readonly string[] {
  if (heritageOf(storage).driver !== 's3') return []
  return botoFiles(environment).flatMap((path) => {
    const missing = keysIn(path, storage).filter((key) => !replacements[nameOf(key)]!.some((option) => values.has(option)))
    if (missing.length === 0) return []
    const instead = missing.map((key) => `${replacements[nameOf(key)]![0]!} instead of its ${key}`)
    return [`${path}: is a file of boto, which is not read; set ${instead.join(', ')}`]
  })
}

/** Where boto looked: in the one file that is named, or in that of the machine and that of the user. */
export function botoFiles({ BOTO_CONFIG: named, HOME: home }: Environment): readonly string[] {
  if (named) return [named]
  return ['/etc/boto.cfg', ...(home ? [join(home, '.boto')] : [])]
}

/** The keys of a file that mean something for a storage. */
function keysIn(path: string, storage: string): readonly string[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return []
  }
  const foreign = storage === 'gcs' ? /^(?:aws|s3)_/ : /^gs_/
  let section = ''
  const keys = text.split(/\r?\n/).flatMap((line) => {
    section = /^\[(.*)\]/.exec(line)?.[1]?.toLowerCase() ?? section
    const key = /^([a-z_0-9]+)\s*[=:]\s*\S/i.exec(line)?.[1]?.toLowerCase() ?? ''
    // A host or a port is that of the store in its own section alone, unless it says so itself.
    const isElsewhere = /^(?:host|port)$/.test(key) && section !== 's3'
    return Object.hasOwn(replacements, nameOf(key)) && !isElsewhere && !foreign.test(key) ? [key] : []
  })
  return [...new Set(keys)]
}

/** Its files have `host` by several names. */
function nameOf(key: string): string {
  return key.replace(/^(?:boto|s3|gs)_(?=(?:host|port|calling_format)$)/, '')
}

import { isTlsError, messageOf, RegistryError } from '@registry/core'
import type { ErrorCode } from '@registry/core'
import { isPassing, sqlState } from './failures.js'

/** Beginnings of SQLSTATE, each with what it means here. */
const meanings: readonly (readonly [state: string, code: ErrorCode, message: string])[] = [
  ['28', 'ACCESS_DENIED', 'the database refused the user or the password'],
  ['42501', 'ACCESS_DENIED', 'the user lacks a permission'],
  ['3D000', 'CONFIG', 'the database does not exist; make it, or name another one in url'],
  ['53100', 'NO_SPACE', 'the database has no room left'],
  ['53', 'UNAVAILABLE', 'the database lacks memory or connections'],
  ['54', 'LIMIT_EXCEEDED', 'the database takes nothing that large'],
  ['55P03', 'UNAVAILABLE', 'a lock could not be had in time'],
  ['57014', 'UNAVAILABLE', 'the statement took too long'],
  ['58030', 'UNAVAILABLE', 'the database could not read or write its files'],
  ['XX001', 'CORRUPT', 'the database found damaged data'],
  ['XX002', 'CORRUPT', 'the database found a damaged index'],
]

/** An error of `pg` in the words of the contract. What is not understood is passed on as it is. */
export function translateError(cause: unknown, operation: string, isUnknown: boolean): unknown {
  if (RegistryError.is(cause)) return cause
  const facts = { driver: 'postgres', operation, cause } as const
  const said = messageOf(cause)
  if (isUnknown) return new RegistryError('UNAVAILABLE', `nobody knows what became of the commit: ${said}`, { ...facts, outcome: 'unknown' })
  if (isTlsError(cause)) return new RegistryError('CONFIG', `the certificate of the database is not trusted: ${said}; set caFile`, facts)
  const [, code, message] = meanings.find(([state]) => sqlState(cause).startsWith(state)) ?? []
  if (code && sqlState(cause)) return new RegistryError(code, `${message}: ${said}`, facts)
  if (isPassing(cause)) return new RegistryError('UNAVAILABLE', `the database could not be reached: ${said}`, facts)
  if (said.startsWith('SASL')) return new RegistryError('ACCESS_DENIED', `the database wants a password: ${said}`, facts)
  if (said.includes('support SSL')) return new RegistryError('CONFIG', `no secure connection: ${said}; change sslmode in url`, facts)
  return cause
}

import { isNetworkError, messageOf } from '@registry/core'
import { DatabaseError } from 'pg'

/** What `pg` says, without a code, of a connection that was lost or could not be made. */
const lostMessages = /^(Connection terminated|Query read timeout|timeout e|timeout when|Client (has encountered|was closed))/

/** The SQLSTATE of an answer of the server, such as `40001`; empty where the server did not answer. */
export function sqlState(error: unknown): string {
  return error instanceof DatabaseError ? (error.code ?? '') : ''
}

/** Whether the connection is gone, so that nobody knows what became of the statement. */
export function isLost(error: unknown): boolean {
  const state = sqlState(error)
  return state ? /^(08|57P)/.test(state) : isNetworkError(error) || lostMessages.test(messageOf(error))
}

/** Whether the same statement may succeed at once, on another connection or after another transaction. */
export function isPassing(error: unknown): boolean {
  return isLost(error) || /^(40001|40P01|53300|25006)$/.test(sqlState(error))
}

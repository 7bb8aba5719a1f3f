import type { ErrorCode } from '@registry/core'
import { expect } from 'vitest'

/** Fails unless `promise` rejects with an error of this code that names the file and says what to do, in one line. */
export async function expectTrouble(promise: Promise<unknown>, code: ErrorCode, file: string, todo: string): Promise<unknown> {
  const error = await promise.then(() => 'no error', (reason: unknown) => reason)
  expect(error).toMatchObject({ code, driver: 'sqlite' })
  expectMessage((error as Error).message, file, todo)
  return error
}

/** `<file>: <what is wrong>; <what to do>` */
export function expectMessage(message: string, file: string, todo: string): void {
  expect(message.split('\n')).toHaveLength(1)
  expect(message.startsWith(`${file}: `), message).toBe(true)
  expect(message).toMatch(/: .+; .+/)
  expect(message.slice(message.lastIndexOf('; '))).toContain(todo)
}

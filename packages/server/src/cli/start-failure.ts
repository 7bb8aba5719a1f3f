import { RegistryError } from '@registry/core'

/** What is asked of the system for a port. Other errors of the same codes are of files, or of some other service. */
const ofPort: ReadonlySet<unknown> = new Set(['listen', 'bind', 'getaddrinfo'])

/** Why a registry does not start: what is wrong, and what to do. */
export function startFailure(error: unknown, { host, port }: { readonly host: string; readonly port: number }): unknown {
  if (RegistryError.is(error) || !(error instanceof Error)) return error
  const { code, syscall } = error as NodeJS.ErrnoException
  if (!ofPort.has(syscall)) return error
  if (code === 'EADDRINUSE') return `port ${port} of ${host} is in use; choose another with --port`
  if (code === 'EACCES') return `port ${port} of ${host} is not this user's to open; choose one above 1023 with --port`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${host} is no address of this machine; choose another with --host`
  return error
}

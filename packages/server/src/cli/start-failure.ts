import { RegistryError } from '@registry/core'

/** Why a registry does not start: what is wrong, and what to do. */
export function startFailure(error: unknown, { host, port }: { readonly host: string; readonly port: number }): unknown {
  if (RegistryError.is(error)) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return `port ${port} of ${host} is in use; choose another with --port`
  if (code === 'EACCES') return `port ${port} of ${host} is not this user's to open; choose one above 1023 with --port`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${host} is no address of this machine; choose another with --host`
  return error
}

export type { Log } from './log.js'
export type { RedirectOptions } from './redirects.js'
export type { ServerLimits } from './settings.js'
export { createServer, type CloseOptions, type ListenOptions, type RegistryServer, type ServerAddress, type ServerOptions } from './server.js'

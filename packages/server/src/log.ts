/** What a server writes its log to: a pino logger, or one like it. */
export interface Log {
  /** What helps to find a fault and nobody else needs. */
  debug(details: object, message: string): void
  /** Each request, when its answer is sent. */
  info(details: object, message: string): void
  /** What an operator may want to change; the registry goes on. */
  warn(details: object, message: string): void
  /** What the registry could not do, with the error in `err`. */
  error(details: object, message: string): void
}

/** The log, with the id of one request in every line. */
export function requestLog(log: Log | undefined, reqId: string): Log {
  return {
    debug: (details, message) => log?.debug({ reqId, ...details }, message),
    info: (details, message) => log?.info({ reqId, ...details }, message),
    warn: (details, message) => log?.warn({ reqId, ...details }, message),
    error: (details, message) => log?.error({ reqId, ...details }, message),
  }
}

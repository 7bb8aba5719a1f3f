import { type Logger, destination, pino } from 'pino'

/** How much is logged, as the classic registry named it. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'critical'] as const

export type LogLevel = (typeof logLevels)[number]

/** JSON lines on stderr: stdout is for what a person or a script asked for. */
export function stderrLogger(level: LogLevel): Logger {
  return pino({ level: level === 'critical' ? 'fatal' : level, base: null }, destination(2))
}

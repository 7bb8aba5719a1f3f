/** Tells people what they should know, a line each on stderr. */
export function warn(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`registry: warning: ${warning}\n`)
}

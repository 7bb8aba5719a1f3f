const waitedFor = new Set<string>()

/**
 * Waits for what a module does. Where that never ends, {@link stillWaitedFor} says so.
 *
 * @param what - what is waited for, in the words of a message
 */
export async function waitingFor<Result>(what: string, work: Promise<Result>): Promise<Result> {
  waitedFor.add(what)
  try {
    return await work
  } finally {
    waitedFor.delete(what)
  }
}

/** What has not ended yet; `undefined` where nothing is waited for. */
export function stillWaitedFor(): string | undefined {
  return [...waitedFor][0]
}

/** What {@link within} gives where the time is over. */
export const late: unique symbol = Symbol('late')

/** Waits for `work`, but no longer than these seconds. */
export async function within<Result>(seconds: number, work: Promise<Result>): Promise<Result | typeof late> {
  let timer: NodeJS.Timeout | undefined
  // It keeps no process: where nothing else does, whoever waits is told at once.
  const over = new Promise<typeof late>((resolve) => (timer = setTimeout(() => { resolve(late) }, seconds * 1000).unref()))
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}

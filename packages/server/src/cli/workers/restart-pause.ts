const shortest = 1000
const longest = 30_000

/**
 * How long to wait before a worker is replaced: longer each time that one has ended soon after its start.
 *
 * @param last - the pause before that worker, if there was one
 * @param lived - milliseconds
 * @returns milliseconds
 */
export function restartPause(last: number | undefined, lived: number): number {
  return last === undefined || lived >= longest ? shortest : Math.min(last * 2, longest)
}

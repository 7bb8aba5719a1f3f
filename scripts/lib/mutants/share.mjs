import { execFileSync } from 'node:child_process'
import { root } from '../workspace.mjs'

/** One of so many shares of a list, each spread over all of it. Which one it is depends on the commit: those that come one after the other have others. */
export function shareOf(items, shares) {
  if (shares === 1) return items
  const commits = Number(execFileSync('git', ['rev-list', '--count', 'HEAD'], { cwd: root, encoding: 'utf8' }))
  return items.filter((_, n) => n % shares === commits % shares)
}

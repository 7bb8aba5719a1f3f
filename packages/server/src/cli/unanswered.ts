import { stillWaitedFor } from '../modules/waiting.js'
import { refuse } from './refuse.js'

/** Tells what a process that ends had still been waiting for: Node ends it in silence where nothing is left that could answer. */
export function tellUnanswered(): void {
  const what = stillWaitedFor()
  // Whoever ended it otherwise has said why.
  if (what === undefined || process.exitCode !== unsettled) return
  refuse(`waited for ${what}, which will never be: nothing is under way any more; tell whoever made it`)
}

/** With which Node says that the main module awaits what never comes. */
const unsettled = 13

/** Ends a command that was refused while a module still had something under way that would keep the process. */
export function endUnanswered(): void {
  if (stillWaitedFor() !== undefined && process.exitCode !== undefined) process.exit()
}

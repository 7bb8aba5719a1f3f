#!/usr/bin/env node
import { program } from './program.js'
import { refuse } from './refuse.js'
import { endUnanswered, tellUnanswered } from './unanswered.js'

// Whoever reads what is printed may have seen enough, as in `registry ls | head`, or be gone with its terminal.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') refuse(error)
})
process.on('exit', tellUnanswered)

await program().parseAsync()
endUnanswered()

#!/usr/bin/env node
import { program } from './program.js'

// Whoever reads what is printed may have seen enough: `registry ls | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

await program().parseAsync()

#!/usr/bin/env node
import { program } from './program.js'
import { refuse } from './refuse.js'
import { endUnanswered, tellUnanswered } from './unanswered.js'

// Which versions of Node the SDK of AWS will drop is for those who choose its version, and that is us.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'

// Whoever reads what is printed may have seen enough, as in `registry ls | head`, or be gone with its terminal.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') refuse(error)
})
process.on('exit', tellUnanswered)

await program().parseAsync()
endUnanswered()

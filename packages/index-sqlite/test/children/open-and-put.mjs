// Another user: opens an index and puts an entry; tells about the error.
import { openDatabase } from '../../dist/database.js'
import { sqliteIndex } from '../../dist/index.js'

// The binding is loaded before: the other user may not be able to read this folder.
openDatabase(':memory:', 0).close()
if (process.getuid() === 0) {
  process.setgroups([])
  process.setgid(65_534)
  process.setuid(65_534)
}
try {
  const index = await sqliteIndex({ file: process.argv[2] })
  await index.commit([{ op: 'put', key: { partition: 'p', sort: 'from another user' }, value: 1 }])
  await index.close()
  process.stdout.write(JSON.stringify({ code: 'none', driver: 'sqlite', message: 'no error' }))
} catch ({ code, driver, message }) {
  process.stdout.write(JSON.stringify({ code, driver, message }))
}

// Another process: adds one to a count so many times, and starts again wherever someone else was faster.
import { RegistryError } from '@registry/core'
import { sqliteIndex } from '../../dist/index.js'

const [file, times] = process.argv.slice(2)
const index = await sqliteIndex({ file })
const key = { partition: 'facts', sort: 'count' }
for (let done = 0; done < Number(times); ) {
  const [entry] = await index.get([key])
  try {
    await index.commit([{ op: 'put', key, value: (entry?.value ?? 0) + 1, text: `count ${(entry?.value ?? 0) + 1}`, expect: entry ?? 'absent' }])
    done++
  } catch (error) {
    if (!RegistryError.is(error, 'CONFLICT')) throw error
  }
}
await index.close()

// A process that is to be killed: commits one entry after the other, and tells of each that was answered.
import { writeSync } from 'node:fs'
import { sqliteIndex } from '../../dist/index.js'

const [file, begin] = process.argv.slice(2)
const index = await sqliteIndex({ file })
for (let number = Number(begin); ; number++) {
  const both = ['a', 'b'].map((partition) => ({ op: 'put', key: { partition, sort: String(number).padStart(6, '0') }, value: number, text: `number ${number}` }))
  await index.commit(both)
  writeSync(1, `${number}\n`)
}

// Another process: keeps a file locked for writing until its input ends.
import Sqlite from 'better-sqlite3'

const database = new Sqlite(process.argv[2])
database.exec('BEGIN IMMEDIATE')
process.stdout.write('locked\n')
process.stdin.on('end', () => {
  database.exec('ROLLBACK')
  database.close()
})
process.stdin.resume()

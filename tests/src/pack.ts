import { execFile } from 'node:child_process'
import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readPackages, root } from './repository.js'

const run = promisify(execFile)

/** Packs every package as it would be published: into a folder of its own, which the caller removes. */
export async function packAll(): Promise<{ readonly folder: string; readonly archiveOf: (name: string) => string }> {
  const folder = await mkdtemp(join(tmpdir(), 'packed-'))
  const filters = readPackages().flatMap(({ manifest }) => ['--filter', manifest.name])
  await run(join(root, 'node_modules', '.bin', 'pnpm'), [...filters, 'pack', '--pack-destination', folder], { cwd: root })
  const archives = await readdir(folder)
  return {
    folder,
    archiveOf: (name) => {
      const start = `${name.replace(/^@/, '').replace('/', '-')}-`
      const [archive, ...others] = archives.filter((file) => file.startsWith(start) && /^\d/.test(file.slice(start.length)))
      if (archive === undefined || others.length > 0) throw new Error(`expected one archive of ${name}, got ${archives.join(', ')}`)
      return join(folder, archive)
    },
  }
}

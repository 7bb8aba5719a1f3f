import { realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, sep } from 'node:path'
import type { OptionsSchema } from '@registry/core'
import { type CheckedValue, describeOrigin } from '@registry/core/config'

/** Warnings of paths in a folder that is emptied when the machine starts, or sooner. What is beside the data is told with them. */
export function temporaryFolders(values: ReadonlyMap<string, CheckedValue>, schema: OptionsSchema): readonly string[] {
  const folders = ['/tmp', tmpdir()].map(realPath)
  return [...values].flatMap(([option, { value, origin }]) => {
    if (schema[option]?.type !== 'path' || (option === 'sqlite.file' && origin.kind === 'default')) return []
    const path = realPath(String(value))
    if (!folders.some((folder) => path === folder || path.startsWith(folder + sep))) return []
    return [`${describeOrigin(origin)}: ${String(value)} is in the folder for temporary files, which the system empties; choose another for what is to last`]
  })
}

/** The path without links, of which the last parts may not be there yet. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path))
  }
}

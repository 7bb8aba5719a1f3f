import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { publishedPackages } from './npm-project.js'

const run = promisify(execFile)

/** What a program does with the contracts: types that came out as `any` would let the last line pass. */
const program = `
import type { Driver, Index } from '@registry/core'
import { memoryDriver, memoryIndex } from '@registry/core/memory'
import { createRegistry } from '@registry/engine'
import { createServer } from '@registry/server'

export async function start(driver: Driver = memoryDriver(), index: Index = memoryIndex()): Promise<string> {
  const server = await createServer(await createRegistry({ driver, index }))
  const { url } = await server.listen({ port: 0 })
  return url
}

// @ts-expect-error a number is no driver
export const refused: Promise<string> = start(1)
`

/** Type checks a program that imports every public entry, with every declaration that it reaches. Resolves with what the compiler says. */
export async function problemsOfTypes(project: string, moduleResolution: string): Promise<string> {
  const folder = join(project, moduleResolution)
  mkdirSync(folder)
  const entries = publishedPackages().flatMap((one) => one.entries)
  writeFileSync(join(folder, 'entries.ts'), entries.map((entry, index) => `export * as entry${index} from '${entry}'\n`).join(''))
  writeFileSync(join(folder, 'program.ts'), program)
  const module = moduleResolution === 'bundler' ? 'esnext' : moduleResolution
  const compilerOptions = { module, moduleResolution, target: 'es2023', types: ['node'], strict: true, skipLibCheck: false, noEmit: true }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  const tsc = join(project, 'node_modules', 'typescript', 'bin', 'tsc')
  return run(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: project }).then(
    () => '',
    (error: unknown) => (error as { readonly stdout: string }).stdout,
  )
}

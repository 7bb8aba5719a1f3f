import type { OptionsSchema } from '@registry/core'
import { installCore, installPackage } from './outside-package.js'

const opened: { readonly name: string; readonly options: unknown }[] = []
Object.assign(globalThis, { recordOpened: (name: string, options: unknown) => opened.push({ name, options }) })

/** Installs a driver or an index that keeps everything in memory and records the options that it was opened with. */
export function installRecording(kind: 'driver' | 'index', folder: string, packageName: string, name: string, options: OptionsSchema): void {
  installCore(folder)
  installPackage(
    folder,
    packageName,
    `import { memoryDriver, memoryIndex } from '@registry/core/memory'
export const ${kind} = {
  contract: 1,
  name: ${JSON.stringify(name)},
  options: ${JSON.stringify(options)},
  async open(options) {
    globalThis.recordOpened(${JSON.stringify(name)}, options)
    return ${kind === 'driver' ? 'memoryDriver' : 'memoryIndex'}()
  },
}
`,
  )
}

/** With what a module was opened the last time. */
export function lastOpened(name: string): unknown {
  return opened.findLast((each) => each.name === name)?.options
}

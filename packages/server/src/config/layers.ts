import { isSet, type Origin, type Setting, type Settings } from '@registry/core/config'

/** Settings of several sources in one: command line before environment before file before defaults, and of equals the last. */
export function layered(...layers: readonly Settings[]): Settings {
  const all = new Map<string, Setting>()
  for (const layer of layers) {
    for (const [path, setting] of layer) {
      const other = all.get(path)
      if (other === undefined || (isSet(setting) && (!isSet(other) || rank(setting.origin) >= rank(other.origin)))) all.set(path, setting)
    }
  }
  return all
}

function rank(origin: Origin): number {
  switch (origin.kind) {
    case 'command line':
      return 3
    case 'environment':
      // Where a file asks for the variable, it is the file that speaks.
      return origin.file === undefined ? 2 : 1
    case 'file':
      return 1
    case 'default':
      return 0
  }
}

/** Settings under other names, in the order of these: where several have one new name, they are layers. */
export function renamed(settings: Settings, names: readonly (readonly [from: string, to: string])[]): Settings {
  return layered(
    ...names.map(([from, to]) => {
      const setting = settings.get(from)
      return new Map(setting ? [[to, setting]] : [])
    }),
  )
}

/** The text of a setting that says anything. */
export function textOf(settings: Settings, path: string): string | undefined {
  const setting = settings.get(path)
  return setting && isSet(setting) ? setting.text : undefined
}

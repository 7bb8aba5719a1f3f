/** Where a value of a configuration came from. */
export type Origin =
  /** The default of an option. */
  | {
      /** Nobody said anything. */
      readonly kind: 'default'
    }
  /** A file; `path` is where in it, such as `prod.cache.host`. `fallback`: it is the default of a value `_env:NAME:DEFAULT`. */
  | {
      /** The file has the value itself. */
      readonly kind: 'file'
      /** What the file is called in messages, such as its path. */
      readonly file: string
      /** With the flavor in front, where the file has flavors. */
      readonly path: string
      /** Absent where the value stands there as it is. */
      readonly fallback?: true
    }
  /** A variable of the environment; with `file` and `path` where a value `_env:NAME` of a file asks for it. */
  | {
      /** The environment has it, whether or not a file leads there. */
      readonly kind: 'environment'
      /** Its name, such as `REGISTRY_CACHE_HOST`. */
      readonly variable: string
      /** What the file is called that asks for the variable. Absent where none does. */
      readonly file?: string
      /** Where in that file. Absent where there is none. */
      readonly path?: string
    }
  /** An option of a command, such as `--port`. */
  | {
      /** Whoever started the command said it there. */
      readonly kind: 'command line'
      /** The long form, with its dashes. */
      readonly option: string
    }

/** A value of a configuration that is not checked yet. */
export interface Setting {
  /** As it is written, where it is one text. */
  readonly text?: string | undefined
  /** What YAML makes of it. */
  readonly value: unknown
  /** Why the text is no YAML, which matters only where the option is more than a text. */
  readonly flaw?: string | undefined
  /** Where a message about the value sends its reader. */
  readonly origin: Origin
}

/** The values of a configuration by their paths, such as `port` and `cache.host`. */
export type Settings = ReadonlyMap<string, Setting>

/** Whether a setting says anything: an empty text, and null in a file, leave an option unset. */
export function isSet({ text, value }: Setting): boolean {
  return text === undefined ? value !== undefined && value !== null : text !== ''
}

/** Names the origin of a value, as in messages: `config.yml: prod.port`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default'
    case 'file':
      return `${origin.file}: ${origin.path}`
    case 'environment':
      return origin.file === undefined ? origin.variable : `${origin.variable} (${origin.file}: ${origin.path ?? ''})`
    case 'command line':
      return origin.option
  }
}

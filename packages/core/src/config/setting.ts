/** Where a value of a configuration came from. */
export type Origin =
  /** The default of an option. */
  | { readonly kind: 'default' }
  /** A file; `path` is where in it, such as `prod.cache.host`. `fallback`: it is the default of a value `_env:NAME:DEFAULT`. */
  | { readonly kind: 'file'; readonly file: string; readonly path: string; readonly fallback?: true }
  /** A variable of the environment; with `file` and `path` where a value `_env:NAME` of a file asks for it. */
  | { readonly kind: 'environment'; readonly variable: string; readonly file?: string; readonly path?: string }
  /** An option of a command, such as `--port`. */
  | { readonly kind: 'command line'; readonly option: string }

/** A value of a configuration that is not checked yet. */
export interface Setting {
  /** As it is written, where it is one text. */
  readonly text?: string | undefined
  /** What YAML makes of it. */
  readonly value: unknown
  /** Why the text is no YAML, which matters only where the option is more than a text. */
  readonly flaw?: string | undefined
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

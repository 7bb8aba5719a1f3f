/** A system call of a record. What it was given is as strace prints it. */
export interface SystemCall {
  readonly name: string
  /** What stands between the parentheses, with every text in hexadecimal digits. */
  readonly arguments: string
  /** Below zero where it failed, `undefined` where the process died in it. */
  readonly result: number | undefined
}

/** Where a call begins, and where its result is there: other threads do things in between. */
export interface Moment {
  readonly phase: 'enter' | 'leave'
  readonly call: SystemCall
}

/** The options with which strace writes what {@link parseRecord} reads. */
export function recordedBy(file: string, calls: readonly string[]): readonly string[] {
  // As a child of its own (-D): who started the command sees the command itself, and can kill it.
  const whole = ['-f', '-qq', '-yy', '-xx', '-s', '16777216']
  return ['strace', '-D', '--seccomp-bpf', ...whole, '-e', 'signal=none', '-e', `trace=${calls.join()}`, '-o', file]
}

/** The calls of a record, in order. */
export function parseRecord(record: string): readonly Moment[] {
  const moments: Moment[] = []
  const unfinished = new Map<string, { text: string; call: { -readonly [Key in keyof SystemCall]: SystemCall[Key] } }>()
  for (const line of record.split('\n')) {
    const thread = line.slice(0, line.indexOf(' '))
    const text = line.slice(thread.length).trimStart()
    const resumed = /^<\.\.\. \w+ resumed>/.exec(text)
    const began = resumed && unfinished.get(thread)
    if (began) {
      unfinished.delete(thread)
      Object.assign(began.call, parseCall(began.text + text.slice(resumed[0].length)))
      moments.push({ phase: 'leave', call: began.call })
    } else if (text.endsWith('<unfinished ...>')) {
      const beginning = text.slice(0, -'<unfinished ...>'.length)
      const call = { ...parseCall(beginning)!, result: undefined }
      unfinished.set(thread, { text: beginning, call })
      moments.push({ phase: 'enter', call })
    } else {
      const call = parseCall(text)
      if (call) moments.push({ phase: 'enter', call }, { phase: 'leave', call })
    }
  }
  return moments
}

function parseCall(text: string): SystemCall | undefined {
  const name = /^(\w+)\(/.exec(text)?.[1]
  if (name === undefined) return undefined
  const end = text.lastIndexOf(') ')
  const result = /= (-?\d+)/.exec(text.slice(Math.max(end, 0)))?.[1]
  const given = text.slice(name.length + 1, end < 0 ? undefined : end).trimEnd()
  return { name, arguments: given, result: result === undefined ? undefined : Number(result) }
}

/** Every text among the arguments, such as a path or the bytes of a write. */
export function textsOf(call: SystemCall): readonly Buffer[] {
  return [...call.arguments.matchAll(/"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g)].map(([, digits, cut]) => {
    if (cut !== undefined) throw new Error(`${call.name}: strace has cut off what was given`)
    return Buffer.from(digits!.replaceAll('\\x', ''), 'hex')
  })
}

/** The number of the first file descriptor among the arguments, and what strace says that it is. */
export function descriptorOf(call: SystemCall): { readonly number: number; readonly what: string } | undefined {
  const [, number, what] = /^(\d+)<(\w+:\[[^\]]*\]|[^>]*)>/.exec(call.arguments) ?? []
  return number === undefined ? undefined : { number: Number(number), what: what! }
}

/** The n-th argument from the end, of those that are numbers or words. */
export function lastArgument(call: SystemCall, fromEnd = 0): string {
  return call.arguments.split(', ').at(-1 - fromEnd)!
}

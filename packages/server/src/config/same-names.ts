import type { ConfigProblem } from '@registry/core/config'

/** A module, and how a configuration came to it. */
export interface NamedModule {
  /** As its section is called. */
  readonly name: string
  /** What it is, for people. */
  readonly role: string
  /** The option that names it. */
  readonly option: string
}

/** Modules of one name would have one section, with the options of all. */
export function sameNames(modules: readonly NamedModule[]): readonly ConfigProblem[] {
  return modules.flatMap(({ name, role, option }, n) => {
    const other = modules.slice(0, n).find((each) => each.name === name)
    return other === undefined ? [] : [{ option, found: `${other.role} and ${role} are both called ${name}, and would have one section: one of them needs another name` }]
  })
}

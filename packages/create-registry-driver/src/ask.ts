import { isCancel, select, text } from '@clack/prompts'
import { flawOf, type Kind, kinds } from './names.js'

/** What its user has to decide. */
export interface Wishes {
  readonly kind: Kind
  readonly name: string
}

const hints: Readonly<Record<Kind, string>> = { driver: 'keeps bytes', index: 'keeps facts' }

/** Asks for what the command line does not say; `undefined` where its user has had enough. */
export async function ask({ kind, name }: Partial<Wishes>): Promise<Wishes | undefined> {
  const chosen = kind ?? (await select({ message: 'What do you want to write?', options: kinds.map((value) => ({ value, label: value, hint: hints[value] })) }))
  if (isCancel(chosen)) return undefined
  const named = name ?? (await text({ message: 'What is it called?', placeholder: 'such as azure-blob', validate: (value = '') => flawOf(chosen, value) }))
  return isCancel(named) ? undefined : { kind: chosen, name: named }
}

import { RegistryError } from '@registry/core'

/** The fields that say what a manifest is. */
const fields = ['schemaVersion', 'mediaType', 'artifactType', 'config', 'layers', 'manifests', 'subject', 'annotations']
const spelled = new Map(fields.map((field) => [field.toLowerCase(), field]))

/**
 * Refuses texts that JSON readers may read as different things, or cannot read at all: nested deeper than `depth`, or
 * with a field of a manifest that comes twice or in another case, of which some readers take the first and some the last.
 *
 * It comes before the text is parsed, and takes no memory whatever is in it. What is no JSON is the parser's to refuse.
 *
 * @throws `MANIFEST_INVALID`
 */
export function checkShape(text: string, depth: number): void {
  const seen = new Set<string>()
  let level = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '{' || character === '[') level++
    else if (character === '}' || character === ']') level--
    else if (character === '"') {
      const end = endOfString(text, at)
      if (level === 1 && isName(text, end)) checkField(nameOf(text.slice(at, end + 1)), seen)
      at = end
    }
    if (level > depth) throw new RegistryError('MANIFEST_INVALID', `the manifest is nested deeper than ${depth} levels`)
  }
}

/** Where the quote is that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

/** Whether the string that ends here is the name of a field: a colon follows. */
function isName(text: string, end: number): boolean {
  let at = end + 1
  while (' \t\r\n'.includes(text[at] ?? ':')) at++
  return text[at] === ':'
}

function checkField(name: string, seen: Set<string>): void {
  const field = spelled.get(name.toLowerCase())
  if (field === undefined) return
  if (field !== name) throw new RegistryError('MANIFEST_INVALID', `the manifest has a field ${JSON.stringify(name)}; it is spelled "${field}"`)
  if (seen.has(field)) throw new RegistryError('MANIFEST_INVALID', `the manifest has the field "${field}" twice`)
  seen.add(field)
}

/** The name that a string of JSON stands for, escapes and all. */
function nameOf(string: string): string {
  try {
    return String(JSON.parse(string))
  } catch {
    return ''
  }
}

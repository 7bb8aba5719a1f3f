import { load, YAMLException } from 'js-yaml'
import { RegistryError } from '../errors.js'
import { schema } from './yaml-schema.js'

/** Far more than anybody writes by hand. */
const maxBytes = 256 * 1024

/** What to do about what the parser finds, by what its reason says. */
const advice: readonly (readonly [RegExp, string])[] = [
  [/^tab characters/, 'indent with spaces'],
  [/^duplicated mapping key/, 'keep one of the two'],
  [/^unidentified alias/, 'an anchor (&name) has to stand above its alias (*name), and a text that begins with * has to be in quotes'],
  [/^bad indentation/, 'line it up with its neighbours, and put a text with : # @ ` % or & in quotes'],
  [/^unexpected end of the stream within/, 'a bracket or a quote is not closed'],
  [/^deficient indentation|^missed comma/, 'a bracket or a quote above is not closed, or what is within it is not indented'],
  [/^end of the stream or a document separator/, 'a line above may lack its colon, or the space behind it'],
  [/^unknown escape sequence/, 'put the text in single quotes'],
  [/^name of an alias/, 'put a text that begins with * in quotes'],
  [/^nesting exceeded/, 'a configuration needs a few levels only'],
  [/^expected a single document/, 'keep one document: everything above or below the line ---'],
  [/^unknown \w+ tag|^tag name|^undeclared tag/, 'leave the tag (!…) away, and put a text that begins with ! in quotes'],
  [/^a key has to be a text/, 'put a text with { or [ in quotes'],
  [/^null byte|non-printable/, 'save it as plain text in UTF-8'],
  [/exceeded max(?:Aliases|TotalMergeKeys)/, 'aliases (*name) within each other multiply'],
  [/^cannot merge mappings/, '<<: takes the alias of a mapping, such as *common'],
]

/**
 * Reads a text as YAML 1.1: mappings are `Map`s by the text of their keys, and a scalar that is more than text is a `TypedScalar`.
 * An empty document is `undefined`.
 *
 * @param name - what the text is called in errors, such as the name of its file
 * @throws `CONFIG` with line and column, and what to do
 */
export function parseYaml(text: string, name: string): unknown {
  const bytes = Buffer.byteLength(text)
  if (bytes > maxBytes) {
    throw new RegistryError('CONFIG', `${name}: has ${bytes} bytes, and a configuration has ${maxBytes} at the most: is it the right file?`)
  }
  try {
    return load(text, { schema, maxAliases: 1000 })
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    if (error.reason.includes('the input is empty')) return undefined
    const todo = advice.find(([pattern]) => pattern.test(error.reason))?.[1]
    // Without the error as its cause: that quotes the lines around, which may have secrets.
    throw new RegistryError('CONFIG', `${name}${placeOf(error)}: ${withoutQuotes(error.reason)}${todo === undefined ? '' : `; ${todo}`}`)
  }
}

/** Where a key is a list or a mapping, the parser does not know. */
function placeOf({ reason, mark }: YAMLException): string {
  return mark && !reason.startsWith('a key has') ? `:${mark.line + 1}:${mark.column + 1}` : ''
}

/** What the parser takes for the name of an alias or a tag may be a password. */
function withoutQuotes(reason: string): string {
  return reason.replace(/ ".*"| !<.*>|: .*/gs, '')
}

import {
  boolYaml11Tag,
  defineMappingTag,
  defineScalarTag,
  floatYaml11Tag,
  intYaml11Tag,
  NOT_RESOLVED,
  nullYaml11Tag,
  type ScalarTagDefinition,
  type Schema,
  timestampTag,
  YAML11_SCHEMA,
} from 'js-yaml'

/** A scalar that YAML takes for more than text. Whether it is one depends on the option that it is for. */
export class TypedScalar {
  constructor(
    /** As it is written. */
    readonly text: string,
    readonly value: unknown,
  ) {}
}

/** The same tag, which keeps the text beside the value. */
function keepingText(tag: ScalarTagDefinition): ScalarTagDefinition<TypedScalar> {
  return defineScalarTag<TypedScalar>(tag.tagName, {
    implicit: true,
    implicitFirstChars: tag.implicitFirstChars,
    resolve: (text, isExplicit, name) => {
      const value: unknown = tag.resolve(text, isExplicit, name)
      return value === NOT_RESOLVED ? NOT_RESOLVED : new TypedScalar(text, value)
    },
    identify: () => false,
  })
}

/** Mappings by the text of their keys: `on` and `5000` are names here. */
const textMapTag = defineMappingTag<Map<string, unknown>>('tag:yaml.org,2002:map', {
  create: () => new Map(),
  addPair: (map, key, value) => {
    const name = keyText(key)
    if (name === undefined) return 'a key has to be a text'
    map.set(name, value)
    return ''
  },
  has: (map, key) => map.has(keyText(key) ?? ''),
  keys: (map) => map.keys(),
  get: (map, key) => map.get(keyText(key) ?? ''),
  identify: () => false,
})

function keyText(key: unknown): string | undefined {
  if (key instanceof TypedScalar) return key.text
  return typeof key === 'string' ? key : undefined
}

/** YAML 1.1 with merge keys, as the classic registry read it. */
export const schema: Schema = YAML11_SCHEMA.withTags(
  [boolYaml11Tag, intYaml11Tag, floatYaml11Tag, nullYaml11Tag, timestampTag].map(keepingText),
  textMapTag,
)

import type { OptionsSchema } from '@registry/core'

/** What older configurations may ask for and this version does not do yet. */
export interface LaterFeature {
  readonly name: string
  /** The options that ask for it; one that ends in a dot is a whole section. */
  readonly options: readonly string[]
  /** What it means that it is not there yet. */
  readonly meanwhile: string
}

const text = (description: string): { readonly type: 'string'; readonly description: string } => ({ type: 'string', description })
const redis = (name: string): OptionsSchema => ({
  [`${name}.host`]: text('Host of a redis.'),
  [`${name}.port`]: { type: 'integer', minimum: 0, maximum: 65535, description: 'Its port.' },
  [`${name}.db`]: { type: 'integer', minimum: 0, description: 'Number of its database.' },
  [`${name}.password`]: { type: 'string', secret: true, description: 'Its password.' },
})

/** Options that are read and checked, and act in a later version. */
export const laterOptions: OptionsSchema = {
  standalone: { type: 'boolean', default: true, description: 'With `false`, clients need a token.' },
  index_endpoint: text('Who gives tokens.'),
  disable_token_auth: { type: 'boolean', description: 'No token is asked for.' },
  privileged_key: { type: 'path', description: 'An RSA public key, for administration scripts.' },
  'mirroring.source': text('URL of the registry that is mirrored.'),
  'mirroring.source_index': text('Who gives tokens for it.'),
  'mirroring.tags_cache_ttl': { type: 'integer', minimum: 0, description: 'Seconds for which a tag of it is kept.' },
  ...redis('cache'),
  ...redis('cache_lru'),
  'email_exceptions.smtp_host': text('Host that takes mail on unexpected errors.'),
  'email_exceptions.smtp_port': { type: 'integer', minimum: 0, maximum: 65535, description: 'Its port.' },
  'email_exceptions.smtp_login': text('User name there.'),
  'email_exceptions.smtp_password': { type: 'string', secret: true, description: 'Password there.' },
  'email_exceptions.smtp_secure': { type: 'boolean', description: 'Whether to use TLS.' },
  'email_exceptions.from_addr': text('Sender of the mail.'),
  'email_exceptions.to_addr': text('Receiver of the mail.'),
  'cors.origins': { type: 'list', description: 'Origins whose pages may use the registry.' },
  'cors.methods': { type: 'list', description: 'Methods that they may use.' },
  'cors.headers': { type: 'list', description: 'Headers that they may send.' },
  'cors.expose_headers': { type: 'list', description: 'Headers that they may read.' },
  'cors.supports_credentials': { type: 'boolean', description: 'Whether they may send credentials.' },
  'cors.max_age': { type: 'integer', minimum: 0, description: 'Seconds for which a browser remembers this.' },
  'cors.send_wildcard': { type: 'boolean', description: 'Answer `*` in place of the origin.' },
  'cors.always_send': { type: 'boolean', description: 'Answer so to requests without an origin too.' },
  'cors.automatic_options': { type: 'boolean', description: 'Answer OPTIONS.' },
  'cors.vary_header': { type: 'boolean', description: 'Answer with `Vary: Origin`.' },
  'cors.resources': text('Paths that this is for.'),
}

/** Values that ask for nothing that is not there. */
export const harmless: Readonly<Record<string, unknown>> = { standalone: true, disable_token_auth: true }

/** The features behind them. */
export const laterFeatures: readonly LaterFeature[] = [
  {
    name: 'tokens',
    options: ['standalone', 'index_endpoint', 'disable_token_auth'],
    meanwhile: 'no token is asked for: everyone who reaches the registry can push and pull',
  },
  { name: 'administration by privileged_key', options: ['privileged_key'], meanwhile: 'its requests are treated as any other' },
  { name: 'mirroring', options: ['mirroring.'], meanwhile: 'only what was pushed can be pulled' },
  { name: 'the cache in redis', options: ['cache.'], meanwhile: 'the index answers without one' },
  { name: 'the cache of small objects in redis', options: ['cache_lru.'], meanwhile: 'the index answers without one' },
  { name: 'mail on errors', options: ['email_exceptions.'], meanwhile: 'errors are in the log' },
  { name: 'cors', options: ['cors.'], meanwhile: '`allowed_origins` lets pages of other origins in' },
]

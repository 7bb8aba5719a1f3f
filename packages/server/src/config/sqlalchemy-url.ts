/** The file that a database URL of SQLAlchemy names, or why there is none. */
export function sqliteFileOf(url: string): { readonly file: string } | { readonly problem: string } {
  const [, scheme = '', rest = ''] = /^([a-z0-9+_]+):\/\/(.*)$/is.exec(url) ?? []
  if (scheme === '') return { problem: 'found no database URL, such as sqlite:////var/lib/registry/index.sqlite or sqlite:///relative' }
  if (!/^sqlite(?:\+\w+)?$/i.test(scheme)) {
    return { problem: `a database of ${scheme} is not supported; take sqlite:////absolute or sqlite:///relative, the DynamoDB index (\`index: dynamodb\`), or an index of your own, for which docs/write-an-index.md and the Postgres example are` }
  }
  const file = rest.startsWith('/') ? rest.slice(1).replace(/\?.*$/s, '') : ''
  if (file === '' || file === ':memory:') return { problem: 'an index in memory would be lost; name a file: sqlite:////absolute or sqlite:///relative' }
  return { file }
}

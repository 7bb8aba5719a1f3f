import { clauses, clientClauses, clientReasons } from './clauses.mjs'

/** The page, relative to the repository. */
export const pageFile = 'docs/spec-coverage.md'

/**
 * @param {readonly import('./titles.mjs').Title[]} titles
 * @returns {string} the text of the page
 */
export function pageOf(titles) {
  const lines = [
    '# Which test shows which clause',
    '',
    'What the [OCI Distribution Specification](https://github.com/opencontainers/distribution-spec) 1.1 demands of a registry,',
    'and what its main branch adds or makes stricter for 1.2, marked (1.2).',
    'A test names the clauses that it shows by their ids, in brackets at the end of its title.',
    '`npm run spec-coverage` writes this page; a clause without a test fails the build.',
    '',
    `${clauses.length} clauses bind a registry, ${clientClauses.length} bind [clients alone](#clients).`,
    'What the registry does where the specification leaves a choice is in [protocol.md](protocol.md).',
    ...sections(clauses).flatMap(([section, own]) => [
      '',
      `## ${section}`,
      '',
      '| id | level | what the specification says | shown by |',
      '|---|---|---|---|',
      ...own.map((clause) => `| \`${clause.id}\` | ${levelOf(clause)} | ${cell(clause.text)} | ${shownBy(clause.id, titles)} |`),
    ]),
    '',
    '## Clients',
    '',
    'These bind clients alone. No answer of a registry can show them, and one word says why:',
    '',
    ...Object.entries(clientReasons).map(([word, meaning]) => `- *${word}*: ${meaning}.`),
    '',
    '| section | level | what the specification says | why no test |',
    '|---|---|---|---|',
    ...clientClauses.map(({ section, level, text, reason }) => `| ${section} | ${level} | ${cell(text)} | ${reason} |`),
  ]
  return `${lines.join('\n')}\n`
}

/** @param {import('./clauses.mjs').Clause} clause */
function levelOf({ level, since }) {
  return since === undefined ? level : `${level} (${since})`
}

/**
 * @param {string} id
 * @param {readonly import('./titles.mjs').Title[]} titles
 */
function shownBy(id, titles) {
  const shown = titles.filter(({ ids }) => ids.includes(id))
  return shown.map(({ file, text }) => `[${linkText(text)}](../${file})`).join('<br>')
}

/**
 * The title without what is in brackets.
 *
 * @param {string} title
 */
function linkText(title) {
  return cell(title.replaceAll(/ \[[^\]]*\]/g, '')).replaceAll(/[[\]*<>_]/g, '\\$&')
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|')
}

/** @param {readonly import('./clauses.mjs').Clause[]} all */
function sections(all) {
  const names = [...new Set(all.map(({ section }) => section))]
  return names.map((name) => /** @type {const} */ ([name, all.filter(({ section }) => section === name)]))
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/**
 * @typedef {object} Title
 * @property {string} file - relative to the repository
 * @property {string} text - as it is written, `%s` and `${…}` and all
 * @property {readonly string[]} ids - of clauses, that it has in brackets
 */

/** Ids of clauses have small letters and a hyphen, so that `[P7]` and `[S3]` of docs/protocol.md are none. */
const idInBrackets = /\[([a-z]+(?:-[a-z0-9]+)+)\]/g

/** Tests that do not run show nothing. */
const unrun = new Set(['skip', 'todo'])

/**
 * The titles of all tests of all packages, by file and in the order of the file.
 *
 * @param {string} root - folder of the repository
 * @returns {readonly Title[]}
 */
export function readTitles(root) {
  const packages = readdirSync(join(root, 'packages')).sort()
  const files = packages.flatMap((name) => ['src', 'test'].flatMap((below) => testFiles(root, `packages/${name}/${below}`)))
  return files.flatMap((file) => titlesOf(file, readFileSync(join(root, file), 'utf8')))
}

/**
 * @param {string} file
 * @param {string} text
 * @returns {readonly Title[]}
 */
export function titlesOf(file, text) {
  /** @type {Title[]} */
  const titles = []
  /** @param {ts.Node} node */
  const visit = (node) => {
    const title = ts.isCallExpression(node) && isTest(node.expression) ? textOf(node.arguments[0]) : undefined
    if (title !== undefined) titles.push({ file, text: title, ids: [...title.matchAll(idInBrackets)].map(([, id]) => id ?? '') })
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest))
  return titles
}

/**
 * Whether it is `it`, `test`, or made of one, such as `it.each([…])`.
 *
 * @param {ts.Expression} callee
 * @returns {boolean}
 */
function isTest(callee) {
  if (ts.isIdentifier(callee)) return callee.text === 'it' || callee.text === 'test'
  if (ts.isPropertyAccessExpression(callee)) return !unrun.has(callee.name.text) && isTest(callee.expression)
  if (ts.isTaggedTemplateExpression(callee)) return isTest(callee.tag)
  return ts.isCallExpression(callee) && isTest(callee.expression)
}

/**
 * @param {ts.Expression | undefined} argument
 * @returns {string | undefined}
 */
function textOf(argument) {
  if (argument === undefined) return undefined
  if (ts.isStringLiteralLike(argument)) return argument.text
  if (!ts.isTemplateExpression(argument)) return undefined
  return argument.head.text + argument.templateSpans.map(({ literal }) => `…${literal.text}`).join('')
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {readonly string[]}
 */
function testFiles(root, folder) {
  try {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    return names
      .filter((name) => name.endsWith('.test.ts'))
      .sort()
      .map((name) => `${folder}/${name}`)
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}

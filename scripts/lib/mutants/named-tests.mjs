/** `packages/engine/test/a.test.ts` → `packages/engine` */
export function packageOf(file) {
  return file.split('/', 2).join('/')
}

/** Those of the tests of its file that ran which an entry names. */
export function ofName(ran, test) {
  const named = patternOf(test)
  return ran.filter(({ title }) => named.test(title))
}

/** A part of a title as it stands in the source, where `%s` and `$name` stand for anything; or a case of a conformance suite. */
export function patternOf({ title, case: id }) {
  if (id !== undefined) return new RegExp(`\\b${escaped(id)}:`)
  return new RegExp(title.split(/%[a-z#%]|\$\w+/).map(escaped).join('.*'))
}

function escaped(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

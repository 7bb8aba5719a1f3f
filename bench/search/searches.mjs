/** What is searched for, and in how many of 100,000 texts it is. */
export const searches = [
  ['a rare term', 'quokka'],
  ['a common term, in all', 'the'],
  ['a term in every 10th', 'kafka'],
  ['a term in every 20th', 'scheduler'],
  ['a term in every 50th', 'invoice'],
  ['two terms', 'invoice worker'],
  ['two letters, rare', 'kk'],
  ['two letters, in every 9th', 'qu'],
  ['two letters, in most', 'in'],
  ['one letter', 'x'],
  ['no match', 'zebra'],
  ['no match, two letters', 'zq'],
  ['all: no term', ''],
]

/** Repositories of a page, as `docker search` asks for them. */
export const pageSize = 25

import { prepareTags } from './lists.mjs'

const million = 1_000_000

/** From the start of the program to its first answer, on what it has kept. */
export const starts = [
  startLoad('start', 'start until the first answer', { async prepare() {} }),
  startLoad('start-1M-tags', `start until the first answer, with ${million.toLocaleString('en')} tags`, {
    kinds: ['registry'],
    entries: million,
    prepare: (server) => prepareTags(server, million),
  }),
]

/** Such a load has no `run`: whoever started the server starts it again. */
function startLoad(name, title, options) {
  return { name, title, unit: 'starts/s', yardsticks: [], restarts: true, isQuick: false, ...options }
}

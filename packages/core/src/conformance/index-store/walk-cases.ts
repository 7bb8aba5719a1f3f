import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { searchCase } from './search-case.js'
import { walk } from './walk.js'

export const walkCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'walk/one-instance',
    clause: 'whatever is called in whatever order, with whatever options, each answer is that of a plain ordered map, also after restarts',
    async run({ open }) {
      await walk({ open }, { seeds: [11, 12, 13], steps: 300, instances: 1, searches: false })
    },
  },
  {
    id: 'walk/two-instances',
    clause: 'the same by two instances in turns: neither remembers what the other has changed',
    async run({ open }) {
      await walk({ open }, { seeds: [21, 22, 23], steps: 300, instances: 2, searches: false })
    },
  },
  searchCase({
    id: 'walk/search',
    clause: 'the same with search: it finds the texts of the latest puts, whichever way they were put, and no others',
    async run({ open }) {
      await walk({ open }, { seeds: [31, 32, 33, 34], steps: 300, instances: 2, searches: true })
    },
  }),
]

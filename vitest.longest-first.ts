import { BaseSequencer, type TestSequencerConstructor, type TestSpecification } from 'vitest/node'

/** The files whose paths have one of these parts begin, in this order, so that no worker is left alone with one in the end. */
export function longestFirst(parts: readonly string[]): TestSequencerConstructor {
  const rankOf = ({ moduleId }: TestSpecification): number => {
    const rank = parts.findIndex((part) => moduleId.includes(part))
    return rank === -1 ? parts.length : rank
  }
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return (await super.sort(files)).sort((a, b) => rankOf(a) - rankOf(b))
    }
  }
}

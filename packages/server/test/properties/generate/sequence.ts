import fc from 'fast-check'
import { recipe, type Recipe } from './recipe.js'
import { inManner, nextBytes, ordinary, plainStart, push, type Step, step, wholeBlob } from './steps.js'

/** What one run does: documents that are there to be pushed, and requests. */
export interface Sequence {
  readonly recipes: readonly Recipe[]
  readonly steps: readonly Step[]
}

const all = [0, 1, 2, 3, 4, 5]
const some = fc.oneof({ withCrossShrink: true }, { weight: 1, arbitrary: fc.subarray(all) }, { weight: 4, arbitrary: fc.constant(all) })

/** Some blobs and manifests first, so that what comes then finds something. */
export const sequence: fc.Arbitrary<Sequence> = fc
  .record({
    recipes: fc.array(recipe, { minLength: 1, maxLength: 6, size: 'max' }),
    blobs: some,
    sessions: fc.nat(2),
    manifests: fc.array(inManner(push), { maxLength: 6, size: 'max' }),
    then: fc.array(step, { minLength: 1, maxLength: 26, size: 'max' }),
  })
  .map(({ recipes, blobs, sessions, manifests, then }) => {
    const first = blobs.map((n) => ({ ...wholeBlob(0, n, 'sha256'), ...ordinary }))
    const begun = Array.from({ length: sessions }, (_, slot) => [plainStart, nextBytes].map((half) => ({ ...half, slot, ...ordinary }))).flat()
    return { recipes, steps: [...first, ...begun, ...manifests, ...then] }
  })

import type { Index } from '../../index-store.js'
import type { CaseContext, ConformanceCase } from '../conformance-case.js'
import { expectEqual } from '../expectations.js'
import { put, snapshot } from './facts.js'
import type { Schemas } from './schemas.js'

/** A case about data of other releases. */
export interface SchemaCase {
  readonly id: string
  readonly clause: string
  /** What the harness has to be able to put there. */
  readonly needs: readonly (keyof Schemas)[]
  run(open: CaseContext<Index>['open'], schemas: Required<Schemas>): Promise<void>
}

/** The case, and its mirror for a harness that does not know the schemas that it needs: such an index opens what it stored itself, however often. */
export function schemaCase(subject: SchemaCase): ConformanceCase<Index> {
  return {
    id: subject.id,
    clause: subject.clause,
    run: async ({ open, schemas }) => (knows(schemas, subject.needs) ? subject.run(open, schemas) : opensItsOwn(open)),
  }
}

function knows(schemas: Schemas | undefined, needs: SchemaCase['needs']): schemas is Required<Schemas> {
  return schemas !== undefined && needs.every((need) => schemas[need] !== undefined)
}

async function opensItsOwn(open: CaseContext<Index>['open']): Promise<void> {
  const first = await open()
  await first.commit([put('a', { n: 1 }), put('b', 2, { text: 'apple' })])
  const before = await snapshot(first)
  await first.close()
  for (const time of ['second', 'third']) {
    const index = await open()
    expectEqual(`the partition of an index without other schemas, opened a ${time} time`, await snapshot(index), before)
    await index.close()
  }
}

import type { Schemas } from './index-store/schemas.js'

/** An empty, private place of a backend, for one case. */
export interface Namespace<Store> {
  /** A further instance on the same data, as another process or a restart would open it. */
  open(): Promise<Store>
  /** Removes the data behind the back of the store. */
  destroy(): Promise<void>
  /** For a store that keeps its data in a form of its own: data in the forms of other releases. */
  readonly schemas?: Schemas | undefined
}

/** Makes a namespace that no other case sees. */
export type Harness<Store> = () => Promise<Namespace<Store>>

/** What a case gets to work with. Every store that it opens is closed after it. */
export interface CaseContext<Store> {
  /** A further instance on the data of the case. */
  readonly open: () => Promise<Store>
  /** Those of the namespace. Absent where its harness gives none: the case then has to do without. */
  readonly schemas?: Schemas | undefined
}

/** One clause of a contract, and how it is proven. */
export interface ConformanceCase<Store> {
  /** Stable: it anchors `docs/contract.md` and names deviations. `<method>/<what>`. */
  readonly id: string
  /** The sentence of the contract that it proves. */
  readonly clause: string
  /** The capability that `run` is about. Where it is not claimed, `otherwise` proves the refusal. */
  readonly needs?: string
  /** Rejects where the clause does not hold. */
  run(context: CaseContext<Store>): Promise<void>
  /** In place of `run`, where what the case needs is not claimed: rejects unless it is refused. */
  otherwise?(context: CaseContext<Store>): Promise<void>
}

/** A case that a store is known to fail. It runs, must fail, and breaks the build when it starts to pass. */
export interface Deviation {
  /** The id of a case, such as `put/atomic-on-throw`. One that no case has is a `TypeError`. */
  readonly id: string
  /** Why the store is allowed to fail it. Stands in the title of the test, or in the message of the result. */
  readonly reason: string
}

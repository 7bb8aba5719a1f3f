import type { Registry, VerifyFinding, VerifyOptions, VerifyReport } from '../../src/index.js'

export interface Verified {
  readonly findings: readonly VerifyFinding[]
  readonly report: VerifyReport
}

/** Everything that a verification finds. */
export async function verified(registry: Registry, options: VerifyOptions = {}): Promise<Verified> {
  const findings: VerifyFinding[] = []
  const report = await registry.verify({ ...options, onFinding: (finding) => void findings.push(finding) })
  return { findings, report }
}

/** The findings alone. */
export async function findingsOf(registry: Registry, options?: VerifyOptions): Promise<readonly VerifyFinding[]> {
  return (await verified(registry, options)).findings
}

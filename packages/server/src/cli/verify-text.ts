import type { VerifyFinding, VerifyFindingKind, VerifyReport } from '@registry/engine'

/** What to do about findings that are left. */
const todos: Readonly<Record<VerifyFindingKind, string>> = {
  'lost-commit': 'the index lost what storage has recorded: stop the registry, run `registry rebuild`, and start it again; nothing is repaired before',
  'blob-damaged': '`registry verify --deep --repair` marks it: it is answered 404 then, and heals when an image that has it is pushed again',
  'blob-unreadable': 'storage fails at it: look at the disk or the service, and verify again; where the object cannot be saved, delete it',
  'blob-corrupt': 'push an image that has it again; where its bytes were brought back, `registry verify --deep --repair` takes it into use',
  'manifest-damaged': 'delete the manifest, and push it again',
  'manifest-incomplete': 'push the image again',
  'repository-missing': 'push the manifest again, or delete it',
  'tag-nowhere': 'it reads as absent; push the tag again',
  'row-missing': '`registry verify --repair` puts it again',
  'record-missing': '`registry verify --repair` writes it again',
  'record-wrong': '`registry verify --repair` writes it again',
  'record-left-out': 'mend the record or delete it, then run `registry rebuild`; see docs/durability.md',
  'object-unnamed': 'it goes with a sweep of the running registry within a day, or with `registry verify --repair`',
}

/** Such as `blob-damaged: sha256:…: blobs/… is missing (marked)`. */
export function lineOf(finding: VerifyFinding): string {
  const { kind, reason, repaired, marked } = finding
  return `${kind}: ${placeOf(finding)}: ${reason}${repaired ? ' (repaired)' : ''}${marked ? ' (marked)' : ''}`
}

function placeOf({ repository, tag, digest, key }: VerifyFinding): string {
  if (repository === undefined) return digest ?? key ?? ''
  const name = tag === undefined ? repository : `${repository}:${tag}`
  return tag === undefined && digest !== undefined ? `${name}@${digest}` : name
}

/** What to do about kinds of findings, a line for each. */
export function todoLines(kinds: Iterable<VerifyFindingKind>): readonly string[] {
  return [...kinds].map((kind) => `what to do about ${kind}: ${todos[kind]}`)
}

/** Such as `Verified: 1 repositories, 1 manifests, 1 tags, 2 blobs, 2 objects; nothing is wrong`. */
export function summaryLine(report: VerifyReport): string {
  const { repositories, manifests, tags, blobs, bytes, objects, inPassing, findings, repaired, marked } = report
  const read = bytes > 0 ? ` (${bytes} bytes read)` : ''
  const passing = inPassing > 0 ? ` (${inPassing} of them in passing)` : ''
  const outcome = findings === 0 ? 'nothing is wrong' : `${findings} findings, ${repaired} repaired, ${marked} marked`
  return `Verified: ${repositories} repositories, ${manifests} manifests, ${tags} tags, ${blobs} blobs${read}, ${objects} objects${passing}; ${outcome}`
}

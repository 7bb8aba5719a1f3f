import { createHash } from 'node:crypto'

/** What a registry answered to one request: everything that a client sees, but for the time. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly sha256: string
}

/** Paths, with the methods to ask them with. */
export type Questions = readonly (readonly [method: 'GET' | 'HEAD', path: string])[]

/** Asks a registry everything, and follows the pages of lists. */
export async function answersOf(url: string, questions: Questions): Promise<Readonly<Record<string, Answer>>> {
  const answers: Record<string, Answer> = {}
  for (const [method, path] of questions) {
    for (let next: string | undefined = path; next !== undefined; ) {
      const response: Response = await fetch(new URL(next, url), { method })
      const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'date'))
      const sha256 = createHash('sha256').update(Buffer.from(await response.arrayBuffer())).digest('hex')
      answers[`${method} ${next}`] = { status: response.status, headers, sha256 }
      next = /^<(.*)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
    }
  }
  return answers
}

/** Every question about a repository of which these tags, manifests and blobs are or were. */
export function questionsAbout(
  repository: string,
  { tags, manifests, blobs }: { readonly tags: readonly string[]; readonly manifests: readonly string[]; readonly blobs: readonly string[] },
): Questions {
  const paths = [...[...tags, ...manifests].map((reference) => `/v2/${repository}/manifests/${reference}`), ...blobs.map((digest) => `/v2/${repository}/blobs/${digest}`)]
  return [
    ['GET', `/v2/${repository}/tags/list`],
    ['GET', `/v2/${repository}/tags/list?n=7`],
    ...manifests.map((digest) => ['GET', `/v2/${repository}/referrers/${digest}`] as const),
    ...paths.flatMap((path) => [['GET', path], ['HEAD', path]] as const),
  ]
}

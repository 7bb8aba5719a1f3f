import type { PresignOptions } from '@registry/core'

export interface AnswerHeaders {
  readonly type: string | undefined
  readonly disposition: string | undefined
}

/** What a URL is to answer with, as values of HTTP headers. */
export function answerHeaders({ contentType, filename }: PresignOptions): AnswerHeaders {
  return { type: contentType, disposition: filename === undefined ? undefined : dispositionOf(filename) }
}

/** RFC 6266: a name of ASCII for everybody, and the whole one where that is not it. */
function dispositionOf(filename: string): string {
  const plain = filename.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  const quoted = `attachment; filename="${plain}"`
  if (plain === filename) return quoted
  // A lone half of a pair has no bytes; this replaces it.
  const sound = Buffer.from(filename).toString()
  const encoded = encodeURIComponent(sound).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${quoted}; filename*=UTF-8''${encoded}`
}

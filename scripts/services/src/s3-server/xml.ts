import type { Answer } from './answer.js'

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\r': '&#13;' }
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** An element of text. */
export function text(name: string, content: string | number | boolean): string {
  return `<${name}>${String(content).replace(/[&<>"'\r]/g, (character) => escapes[character]!)}</${name}>`
}

/** An element of elements. */
export function element(name: string, ...elements: readonly string[]): string {
  return `<${name}>${elements.join('')}</${name}>`
}

export function xmlAnswer(xml: string, { status = 200, headers = {} }: Partial<Omit<Answer, 'body'>> = {}): Answer {
  const body = [Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`)]
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body }
}

/** What the elements of a name contain, in order. It is no parser: clients send XML without comments, CDATA or elements of equal names within. */
export function contentsOf(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map((match) => match[1]!)
}

/** The text of the first element of a name. */
export function textOf(xml: string, name: string): string | undefined {
  return contentsOf(xml, name)[0]?.replace(/&(#x?)?(\w+);/g, (_, code: string | undefined, entity: string) => {
    if (code === undefined) return entities[entity] ?? ''
    return String.fromCodePoint(parseInt(entity, code === '#x' ? 16 : 10))
  })
}

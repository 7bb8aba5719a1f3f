/** A text in which URLs do not tell the names and passwords that they have. */
export function withoutUserinfo(text: string): string {
  return text.replace(/:\/\/[^/?#\s]*@/g, '://********@')
}

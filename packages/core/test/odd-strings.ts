const pieces = [
  '', ' ', 'a', 'A', 'z', '0', '9', '-', '--', '_', '__', '___', '.', '..', '/', '//', ':', '@', '\0', '\n', '\r\n', 'é', '漢', '\u{1f600}', '\ud800', '%2f', '\\',
  'sha256', 'sha512', 'sha256:', 'SHA256:', 'md5:', '__proto__', 'constructor:', 'toString', 'a'.repeat(64), 'f'.repeat(128), 'a'.repeat(300), 'a/'.repeat(200), '-a'.repeat(3000),
]

/** Thousands of strings as nobody would write them: every piece, every pair and many triples. */
export function oddStrings(): readonly string[] {
  const pairs = pieces.flatMap((a) => pieces.map((b) => a + b))
  return [...pieces, ...pairs, ...pairs.flatMap((pair, number) => [pair + pieces[number % pieces.length]!, `${pieces[(number * 7) % pieces.length]!}${pair}`])]
}

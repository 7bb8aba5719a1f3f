import fc from 'fast-check'

const hex = '0123456789abcdef'.repeat(8)

/** What is no name, as it stands in a path. */
export const badName: fc.Arbitrary<string> = fc.constantFrom(
  ...['UPPER', 'a%2Fb', 'a//b', '../a', 'a/../b', '-a', 'a-', 'a..b', 'a___b', '_a', 'a/', '/a', '', 'a%00', 'a\\b', '%C3%A4', 'a:b', 'a'.repeat(256), '%', '__proto__'],
)

/** What is no digest. */
export const badDigest: fc.Arbitrary<string> = fc.constantFrom(
  ...['sha256:', ':', 'sha256:zz', `sha256:${hex.slice(0, 63)}`, `sha256:${hex.slice(0, 65)}`, `sha256:${hex.slice(0, 64).toUpperCase()}`],
  ...[`SHA256:${hex.slice(0, 64)}`, `md5:${hex.slice(0, 32)}`, `sha1:${hex.slice(0, 40)}`, `sha384:${hex.slice(0, 96)}`, `sha512:${hex.slice(0, 64)}`],
  ...[`constructor:${hex.slice(0, 64)}`, `__proto__:${hex.slice(0, 64)}`, `sha256:${hex.slice(0, 63)}\n`, ` sha256:${hex.slice(0, 64)}`],
)

/** What is no tag, and no digest either. */
export const badTag: fc.Arbitrary<string> = fc.constantFrom('.a', '-a', 'a b', 'a/b', 'a'.repeat(129), '\u00e4', '\u0000', 'a\n', '%', '..', '~')

/** What may stand behind `n=`. */
export const count: fc.Arbitrary<string> = fc.constantFrom('1', '1', '0', '1', '2', '1', '2', '3', '1', '5', '007', '2147483648', '999999999999999', '9'.repeat(20), '-1', '1e3', '0x1', '', ' ', 'NaN', '1.5')

/** What may stand behind `last=` beside names and tags. */
export const anyLast: fc.Arbitrary<string> = fc.oneof(fc.string({ maxLength: 5 }), fc.string({ unit: 'binary', maxLength: 5 }), fc.constantFrom('\u0000', 'z'.repeat(3000), '\uffff', '~'))

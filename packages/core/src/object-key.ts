const segment = /^[a-z0-9._!-]{1,200}$/

/** Whether `segment` may stand between the slashes of an object key. */
export function isKeySegment(text: string): boolean {
  return segment.test(text) && text !== '.' && text !== '..'
}

/** Whether `key` has the form that a {@link Driver} is promised. */
export function isObjectKey(key: string): boolean {
  return key.length <= 900 && key.split('/').every(isKeySegment)
}

/**
 * Refuses a key that a driver must never see.
 *
 * @throws TypeError, since only a caller's mistake can bring such a key here
 */
export function assertObjectKey(key: string): void {
  if (!isObjectKey(key)) throw new TypeError(`${JSON.stringify(key)} is no object key: see "Keys" in the Driver contract`)
}

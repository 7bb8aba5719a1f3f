/** Whoever is told of failures may fail at it: then it is told that something failed, and if that is too much for it as well, nobody is. */
export function guarded(onError: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    try {
      onError(error)
    } catch {
      try {
        onError(new Error('something failed, and what was thrown cannot be told'))
      } catch {
        // There is nobody left to tell.
      }
    }
  }
}

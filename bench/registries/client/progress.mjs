const interval = 10_000

/** For what may take minutes: says now and then on standard error how far it is. `done(n)` is to be called with each part. */
export function progressOf(what, count) {
  let [amount, said] = [0, performance.now()]
  return (n) => {
    amount += n
    if (performance.now() - said < interval) return
    said = performance.now()
    console.error(`${what}: ${amount.toLocaleString('en')} of ${count.toLocaleString('en')}`)
  }
}

const areas = 'accounts billing catalog checkout customer delivery finance fraud identity insights inventory loyalty marketing orders partners payments pricing search shipping support'.split(' ')
const forms = ['', '-data', '-mobile', '-platform', '-web']
const subjects = (
  'address alert archive audit basket batch cache campaign card cart claim config contract coupon currency device discount document email event export feature feed ' +
  'forecast image import invoice label ledger mail message metric offer order parcel permission price product profile quote rating receipt refund report review ' +
  'session stock tax token warehouse'
).split(' ')
const kinds = 'adapter admin agent api backend base builder consumer cron exporter frontend gateway indexer job migrations proxy scheduler service ui worker'.split(' ')

/** Names as companies give them, all different: one that has a word of its own, and 100,000 others at the most. */
export function repositoryNames(count) {
  const names = ['research/quokka-notebook']
  for (const area of areas) {
    for (const form of forms) {
      for (const subject of subjects) {
        for (const kind of kinds) {
          if (names.length === count) return names
          names.push(`${area}${form}/${subject}-${kind}`)
        }
      }
    }
  }
  return names
}

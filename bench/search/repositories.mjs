const areas = 'accounts billing catalog checkout customer delivery finance fraud identity insights inventory loyalty marketing orders partners payments pricing search shipping support'.split(' ')
const forms = ['', '-data', '-mobile', '-platform', '-web']
const subjects = (
  'address alert archive audit basket batch cache campaign card cart claim config contract coupon currency device discount document email event export feature feed ' +
  'forecast image import invoice label ledger mail message metric offer order parcel permission price product profile quote rating receipt refund report review ' +
  'session stock tax token warehouse'
).split(' ')
const kinds = 'adapter admin agent api backend base builder consumer cron exporter frontend gateway indexer job migrations proxy scheduler service ui worker'.split(' ')

const deeds = 'Archives Checks Collects Imports Publishes Reads Renders Sends Stores Validates'.split(' ')
const ways = [
  'over gRPC and REST', 'with retries and a dead letter queue', 'for all countries', 'once an hour', 'in the background, without downtime',
  'behind the public gateway', 'for internal use only', 'as JSON lines', 'written in Go', 'maintained by the platform team',
]
const needs = [' Needs PostgreSQL.', ' Uses Kafka.', '', '', '', '', '', '', '', '']
/** Far apart for numbers that follow each other. */
const scattered = (number) => Math.imul(number, 2_654_435_761) >>> 0
const nthOf = (list, number) => list[number % list.length]

/**
 * Names as companies give them, with a sentence or two that describe each: one that has words of its own, and 100,000 others at the
 * most. All names differ, and come in no order.
 */
export function repositories(count) {
  const names = areas.flatMap((area) => forms.flatMap((form) => subjects.flatMap((subject) => kinds.map((kind) => ({ area, form, subject, kind })))))
  const described = names.slice(0, count - 1).map(({ area, form, subject, kind }, n) => {
    const [deed, way, need] = [[deeds, 8], [ways, 14], [needs, 20]].map(([list, bits]) => nthOf(list, scattered(n + 1) >>> bits))
    return { name: `${area}${form}/${subject}-${kind}`, description: `${deed} the ${subject} records of ${area} ${way}.${need}` }
  })
  const one = { name: 'research/quokka-notebook', description: 'Notebooks on the behaviour of small marsupials.' }
  return [one, ...described].map((repository, n) => [scattered(n + 7), repository]).sort(([a], [b]) => a - b).map(([, repository]) => repository)
}

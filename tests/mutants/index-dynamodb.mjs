const source = 'packages/index-dynamodb/src'
const test = 'packages/index-dynamodb/test'
const conformance = `${test}/conformance.test.ts`
const ends = `${test}/ends.test.ts`
const forGood = `${test}/faults-for-good.test.ts`
const inPassing = `${test}/faults-in-passing.test.ts`
const lost = `${test}/lost-answers.test.ts`
const requests = `${test}/requests.test.ts`
const startErrors = `${test}/start-errors.test.ts`
const startProtection = `${test}/start-protection.test.ts`
const startRefusals = `${test}/start-refusals.test.ts`
const startTables = `${test}/start-tables.test.ts`
const failure = `${source}/failure.test.ts`
const settings = `${source}/settings.test.ts`
const sortCondition = `${source}/sort-condition.test.ts`

export const indexDynamodb = [
  {
    name: 'DynamoDB: a read whose answer was lost is of unknown outcome',
    file: `${source}/service.ts`,
    find: `isRepeated ||= isWrite && isLost`,
    replace: `isRepeated ||= isLost`,
    test: { file: forGood, title: 'where %s, and says of a write that nobody knows what it did' },
  },
  {
    name: 'DynamoDB: a lost answer is forgotten behind the next attempt',
    file: `${source}/service.ts`,
    find: `isRepeated ||= isWrite && isLost`,
    replace: `isRepeated = isWrite && isLost`,
    test: { file: forGood, title: 'is an unknown outcome, where an answer was lost and everything behind it was slowed down' },
  },
  {
    name: 'DynamoDB: nothing is sent again',
    file: `${source}/service.ts`,
    find: `!mayPass || performance.now() + pause > deadline`,
    replace: `!mayPass || pause >= 0`,
    test: { file: inPassing, title: 'behind %s' },
  },
  {
    name: 'DynamoDB: pauses do not grow',
    file: `${source}/service.ts`,
    find: `Math.min(longest * 2, longestPause)`,
    replace: `firstPause`,
    test: { file: forGood, title: 'grow with each attempt' },
  },
  {
    name: 'DynamoDB: pauses are not random',
    file: `${source}/service.ts`,
    find: `Math.random() * longest`,
    replace: `longest / 2`,
    test: { file: forGood, title: 'are random' },
  },
  {
    name: 'DynamoDB: an aborted call waits for its answer',
    file: `${source}/service.ts`,
    find: `    signal.addEventListener('abort', onAbort, { once: true })`,
    replace: ``,
    test: { file: ends, title: 'rejects with the reason of its signal, %s' },
  },
  {
    name: 'DynamoDB: an answer may take for ever',
    file: `${source}/service.ts`,
    find: `    const timer = setTimeout(() => {
      controller.abort()
    }, milliseconds)`,
    replace: `    const timer = setTimeout(() => undefined, milliseconds)`,
    test: { file: startErrors, title: 'where an answer begins and never ends' },
  },
  {
    name: 'DynamoDB: a close does not say that a commit may have come through',
    file: `${source}/dynamodb-index.ts`,
    find: `signal.aborted && error === signal.reason ? interrupted(error) : error`,
    replace: `error`,
    test: { file: ends, title: 'is CLOSED by a close, %s, and nothing is sent behind it' },
  },
  {
    name: 'DynamoDB: the SDK sends again on its own',
    file: `${source}/client.ts`,
    find: `maxAttempts: 1`,
    replace: `maxAttempts: 3`,
    test: { file: forGood, title: 'are none where retryTimeout is 0' },
  },
  {
    name: 'DynamoDB: a region that can be none is us-east-1',
    file: `${source}/client.ts`,
    find: `if (said.startsWith('Region not accepted')) throw configError(\`region: \${said}\`, error)`,
    replace: ``,
    test: { file: startErrors, title: 'where the region of the environment can be none' },
  },
  {
    name: 'DynamoDB: a page is read from any copy',
    file: `${source}/query.ts`,
    find: `ConsistentRead: true`,
    replace: `ConsistentRead: false`,
    test: { file: requests, title: 'is of the table alone, without Scan and other indexes, and reads what is there now' },
  },
  {
    name: 'DynamoDB: one key is read from any copy',
    file: `${source}/get-entries.ts`,
    find: `Key: keyOf(key), ConsistentRead: true`,
    replace: `Key: keyOf(key)`,
    test: { file: requests, title: 'is of the table alone, without Scan and other indexes, and reads what is there now' },
  },
  {
    name: 'DynamoDB: several keys are read from any copy',
    file: `${source}/get-entries.ts`,
    find: `Keys: left, ConsistentRead: true`,
    replace: `Keys: left`,
    test: { file: requests, title: 'is of the table alone, without Scan and other indexes, and reads what is there now' },
  },
  {
    name: 'DynamoDB: the version of the schema is read from any copy',
    file: `${source}/schema-version.ts`,
    find: `Key: key, ConsistentRead: true`,
    replace: `Key: key`,
    test: { file: requests, title: 'of a start reads what is there now' },
  },
  {
    name: 'DynamoDB: keys that a batch left out are absent',
    file: `${source}/get-entries.ts`,
    find: `left = unprocessed`,
    replace: `left = []`,
    test: { file: inPassing, title: 'behind %s' },
  },
  {
    name: 'DynamoDB: changes that a batch left out are dropped',
    file: `${source}/commit-apart.ts`,
    find: `rest?.[settings.entryTable] ?? []`,
    replace: `[]`,
    test: { file: inPassing, title: 'behind %s' },
  },
  {
    name: 'DynamoDB: batches go on behind one that failed',
    file: `${source}/in-batches.ts`,
    find: `    if (failures.length > 0) return
`,
    replace: ``,
    test: { file: forGood, title: 'leaves the batches that follow unsent' },
  },
  {
    name: 'DynamoDB: a batch that failed counts as done',
    file: `${source}/in-batches.ts`,
    find: `  if (failures.length > 0) throw failures.find(isUnknown) ?? failures[0]
`,
    replace: ``,
    test: { file: forGood, title: 'where %s, and says of a write that nobody knows what it did' },
  },
  {
    name: 'DynamoDB: a put that was recognised is a conflict',
    file: `${source}/commit-one.ts`,
    find: `if (!isRepeated) throw conflict(change.key)`,
    replace: `throw conflict(change.key)`,
    test: { file: inPassing, title: 'behind %s' },
  },
  {
    name: 'DynamoDB: a put that meets another entry has succeeded',
    file: `${source}/commit-one.ts`,
    find: `if (!isOurs(change, error.Item)) throw unknownOutcome(change)`,
    replace: ``,
    test: { file: lost, title: 'is UNAVAILABLE and unknown, where it was one put of a revision' },
  },
  {
    name: 'DynamoDB: a put does not look whether the entry is its own',
    file: `${source}/commit-one.ts`,
    find: `ReturnValuesOnConditionCheckFailure: 'ALL_OLD'`,
    replace: `ReturnValuesOnConditionCheckFailure: 'NONE'`,
    test: { file: inPassing, title: 'behind %s' },
  },
  {
    name: 'DynamoDB: a conflict behind throttling is of unknown outcome',
    file: `${source}/commit-one.ts`,
    find: `if (!isRepeated) throw conflict(change.key)`,
    replace: ``,
    test: { file: lost, title: 'is one also behind throttling, and names the entry: %s' },
  },
  {
    name: 'DynamoDB: a check passes whatever is there',
    file: `${source}/commit-one.ts`,
    find: `if (!isAsExpected(expect, await getEntry(service, key, signal))) throw conflict(key)`,
    replace: `await getEntry(service, key, signal)`,
    test: { file: lost, title: 'is one also behind throttling, and names the entry: %s' },
  },
  {
    name: 'DynamoDB: a lone delete forgets what it expects',
    file: `${source}/commit-one.ts`,
    find: `change.expect === undefined ? deleteAnyway(service, change, signal) : commitTogether(service, [change], signal)`,
    replace: `deleteAnyway(service, change, signal)`,
    test: { file: lost, title: 'is one also behind throttling, and names the entry: %s' },
  },
  {
    name: 'DynamoDB: each attempt of a transaction has a token of its own',
    file: `${source}/commit-together.ts`,
    find: `await client.send(request, { abortSignal })`,
    replace: `await client.send(new TransactWriteItemsCommand({ ...request.input, ClientRequestToken: randomUUID() }), { abortSignal })`,
    test: { file: lost, title: 'has succeeded, and is not done again: %s' },
  },
  {
    name: 'DynamoDB: a conflict of several names the first change',
    file: `${source}/commit-together.ts`,
    find: `changes.find((_, n) => reasons[n]?.Code === 'ConditionalCheckFailed')`,
    replace: `reasons.some(({ Code }) => Code === 'ConditionalCheckFailed') && changes[0]`,
    test: { file: lost, title: 'names the first of several entries that are not as expected' },
  },
  {
    name: 'DynamoDB: a transaction takes more than DynamoDB does',
    file: `${source}/commit-together.ts`,
    find: `if (bytes > transactionBytes)`,
    replace: `if (bytes < 0)`,
    test: { file: requests, title: 'refused before anything is sent, where it is more than DynamoDB takes' },
  },
  {
    name: 'DynamoDB: an item takes more than DynamoDB does',
    file: `${source}/item.ts`,
    find: `if (bytes <= itemBytes) return item`,
    replace: `return item`,
    test: { file: requests, title: 'refused before anything is sent, where it is more than DynamoDB takes' },
  },
  {
    name: 'DynamoDB: absent means present',
    file: `${source}/expectation.ts`,
    find: `attribute_not_exists(#revision)`,
    replace: `attribute_exists(#revision)`,
    test: { file: inPassing, title: 'behind %s' },
  },
  {
    name: 'DynamoDB: any revision is the expected one',
    file: `${source}/expectation.ts`,
    find: `#revision = :revision`,
    replace: `attribute_exists(#revision) OR #revision = :revision`,
    test: { file: lost, title: 'is UNAVAILABLE and unknown, where it was one put of a revision' },
  },
  {
    name: 'DynamoDB: changes go together that need not',
    file: `${source}/commit-changes.ts`,
    find: `else if (isAtomic)`,
    replace: `else if (isAtomic || second)`,
    test: { file: requests, title: 'a BatchWriteItem for each 25 changes that need not go together' },
  },
  {
    name: 'DynamoDB: a page reads what is at its bounds twice',
    file: `${source}/query.ts`,
    find: ` + condition.strangers`,
    replace: ``,
    test: { file: requests, title: 'reads hardly more entries than it has' },
  },
  {
    name: 'DynamoDB: a page ends with the first answer',
    file: `${source}/query.ts`,
    find: `if (start === undefined) return { entries: found, more: false }`,
    replace: `return { entries: found, more: start !== undefined }`,
    test: { file: requests, title: 'of large entries is as many requests as there are megabytes, and full' },
  },
  {
    name: 'DynamoDB: what is at the bounds of a range is in it',
    file: `${source}/query.ts`,
    find: `!isInRange(item['sort']?.S ?? '', range) || `,
    replace: ``,
    test: { file: requests, title: '%s is one Query' },
  },
  {
    name: 'DynamoDB: a page never begins at its end',
    file: `${source}/query.ts`,
    find: `!query.reverse`,
    replace: `true`,
    test: { file: conformance, case: 'scan/reverse' },
  },
  {
    name: 'DynamoDB: a search finds what DynamoDB could not be told',
    file: `${source}/query.ts`,
    find: ` || filter?.matches(item) === false`,
    replace: ``,
    test: { file: requests, title: 'compares what DynamoDB cannot be told' },
  },
  {
    name: 'DynamoDB: a search reads as many entries as it may find',
    file: `${source}/query.ts`,
    find: `...(filter ? { FilterExpression: filter.expression } : { Limit: limit + 1 - found.length + condition.strangers })`,
    replace: `...(filter ? { FilterExpression: filter.expression } : {}),
      Limit: limit + 1 - found.length + condition.strangers`,
    test: { file: requests, title: 'is at most three Query: %s' },
  },
  {
    name: 'DynamoDB: a bound that is cut off leaves out what is before it',
    file: `${source}/sort-condition.ts`,
    find: `: boundBehind(beginning(end))`,
    replace: `: beginning(end)`,
    test: { file: sortCondition, title: 'leaves no key out that is in it, and lets no more through than it says' },
  },
  {
    name: 'DynamoDB: another transaction is throttling',
    file: `${source}/failure.ts`,
    find: `  TransactionConflict: another,`,
    replace: `  TransactionConflict: slower,`,
    test: { file: failure, title: 'a transaction that was cancelled for %j' },
  },
  {
    name: 'DynamoDB: what could not be sent is of unknown outcome',
    file: `${source}/failure.ts`,
    find: `return passing(\`DynamoDB could not be reached`,
    replace: `return lost(\`DynamoDB could not be reached`,
    test: { file: forGood, title: 'where nobody listens any more: nothing has changed' },
  },
  {
    name: 'DynamoDB: a start fails where backups are not ready yet',
    file: `${source}/failure.ts`,
    find: `  ContinuousBackupsUnavailableException: passing('DynamoDB is at work on the backups of the table'),
`,
    replace: ``,
    test: { file: startProtection, title: 'where they are not on, also where DynamoDB is still at work on them' },
  },
  {
    name: 'DynamoDB: a table with one key of ours is ours',
    file: `${source}/table-shape.ts`,
    find: `found.length === shape.keys.length && `,
    replace: ``,
    test: { file: startRefusals, title: 'of another program: %s' },
  },
  {
    name: 'DynamoDB: a key may be a number',
    file: `${source}/table-shape.ts`,
    find: `if (isText && `,
    replace: `if (`,
    test: { file: startRefusals, title: 'of another program: %s' },
  },
  {
    name: 'DynamoDB: any version of the schema will do',
    file: `${source}/schema-version.ts`,
    find: `if (found === String(schemaVersion)) return`,
    replace: `if (found !== undefined) return`,
    test: { file: startRefusals, title: 'that is %s' },
  },
  {
    name: 'DynamoDB: a table is made before all is looked at',
    file: `${source}/open-tables.ts`,
    find: `    const version = await findTable(service, versionTable, versionTableShape)
`,
    replace: `    await openTable(service, entryTable, entryTableShape, entries)
    const version = await findTable(service, versionTable, versionTableShape)
`,
    test: { file: startRefusals, title: 'that is %s' },
  },
  {
    name: 'DynamoDB: a table that is being created can be used',
    file: `${source}/open-table.ts`,
    find: `status === 'ACTIVE' || status === 'UPDATING'`,
    replace: `status === 'ACTIVE' || status === 'UPDATING' || status === 'CREATING'`,
    test: { file: startTables, title: 'for a table that is being created: %s' },
  },
  {
    name: 'DynamoDB: a table that is being deleted is of no use',
    file: `${source}/open-table.ts`,
    find: `status !== 'CREATING' && status !== 'DELETING'`,
    replace: `status !== 'CREATING'`,
    test: { file: startTables, title: 'for a table that is being deleted, and creates it anew: %s' },
  },
  {
    name: 'DynamoDB: a table that is protected is protected again',
    file: `${source}/protect-table.ts`,
    find: `        if (table?.DeletionProtectionEnabled === true) return
`,
    replace: ``,
    test: { file: startProtection, title: 'from deletion: new ones, and those that were there' },
  },
  {
    name: 'DynamoDB: a refused endpoint is told with its password',
    file: `${source}/settings.ts`,
    find: `.replace(/^([a-z+.-]*:\\/\\/)?.*@/is, '$1********@')`,
    replace: ``,
    test: { file: settings, title: '%s, without what may be a secret' },
  },
  {
    name: 'DynamoDB: a transaction is sent again for longer than it is recognised',
    file: `${source}/settings.ts`,
    find: `15_000, 0, longestRetryTimeout)`,
    replace: `15_000, 0)`,
    test: { file: settings, title: 'has limits that are those of the table of options' },
  },
]

import { config } from './config.mjs'
import { conformance } from './conformance.mjs'
import { creating } from './create.mjs'
import { deleting } from './deletes.mjs'
import { driverFile } from './driver-file.mjs'
import { driverS3 } from './driver-s3.mjs'
import { durability } from './durability.mjs'
import { engine } from './engine.mjs'
import { hooks } from './hooks.mjs'
import { indexDynamodb } from './index-dynamodb.mjs'
import { indexSqlite } from './index-sqlite.mjs'
import { interleaving } from './interleaving.mjs'
import { properties } from './properties.mjs'
import { protocolContent } from './protocol-content.mjs'
import { protocolGeneral } from './protocol-general.mjs'
import { records } from './records.mjs'
import { redirects } from './redirects.mjs'
import { referrersAndLimits } from './referrers-and-limits.mjs'
import { replicas } from './replicas.mjs'
import { searching } from './search.mjs'
import { searchHttp } from './search-http.mjs'
import { server } from './server.mjs'
import { serverConfig } from './server-config.mjs'
import { sweeps } from './sweeps.mjs'
import { verifying } from './verify.mjs'
import { workers } from './workers.mjs'

/*
 * Patches that break the code, and the test that has to notice each: `npm run mutants` runs them.
 *
 *   {
 *     name: 'put does not fsync the file',            // what is wrong then, in words
 *     file: 'packages/driver-file/src/write-object.ts',
 *     find: `await told(handle.sync(), temporary, about)`,  // occurs once in the file, white space and all
 *     replace: ``,
 *     test: { file: 'packages/driver-file/test/durability.test.ts', title: 'fsyncs the file, renames it' },
 *   }
 *
 * `title` is the title as it stands in the test file, or a part of it that only this one has; of tests that differ in
 * its `%s` or `$name`, one has to fail. For a conformance suite it is `case`, the id of the case. The test may be one
 * of another package.
 */
export const mutants = [...config, ...conformance, ...creating, ...driverFile, ...driverS3, ...indexDynamodb, ...indexSqlite, ...engine, ...hooks, ...deleting, ...interleaving, ...protocolContent, ...protocolGeneral, ...records, ...redirects, ...referrersAndLimits, ...replicas, ...searching, ...searchHttp, ...server, ...serverConfig, ...sweeps, ...verifying, ...workers, ...durability, ...properties]

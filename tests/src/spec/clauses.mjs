/*
 * What the OCI Distribution Specification 1.1 demands, and what its main branch adds for 1.2. A test shows a clause by
 * its id in brackets at the end of its title; `npm run spec-coverage` writes docs/spec-coverage.md from both.
 */

/**
 * @typedef {'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT'} Level
 *
 * @typedef {object} Clause
 * @property {string} id - stable: titles of tests name it
 * @property {string} section - heading of the specification
 * @property {Level} level
 * @property {string} text - one sentence of the specification, shortened where it is long
 * @property {'1.2'} [since] - absent: 1.1 has it
 *
 * @typedef {object} ClientClause
 * @property {string} section
 * @property {Level} level
 * @property {string} text
 * @property {keyof typeof clientReasons} reason - why no test of a registry can show it
 */

/**
 * @param {string} section
 * @param {readonly (readonly [id: string, level: Level, text: string, since?: '1.2'])[]} rows
 * @returns {readonly Clause[]}
 */
function clausesOf(section, rows) {
  return rows.map(([id, level, text, since]) => ({ id, section, level, text, ...(since && { since }) }))
}

/** Clauses that bind a registry, or a client in a way that a registry answers to. */
export const clauses = [
  ...clausesOf('Requirements', [
    ['requirements-pull', 'MUST', 'All registries conforming to this specification MUST support, at a minimum, all APIs in the Pull category.'],
    ['requirements-categories', 'SHOULD', 'Registries SHOULD also support the Push, Content Discovery, and Content Management categories.'],
    ['requirements-claimed', 'MUST', 'A registry claiming conformance with one of these specification categories MUST implement all APIs in the claimed category.'],
  ]),
  ...clausesOf('Pulling manifests', [
    ['reference-form', 'MUST', '`<reference>` MUST be either (a) the digest of the manifest or (b) a tag.'],
    ['reference-other', 'MUST NOT', 'The `<reference>` MUST NOT be in any other format.'],
    ['name-form', 'MUST', '`<name>` MUST match the regular expression `[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*`.'],
    ['tag-form', 'MUST', '`<reference>` as a tag MUST be at most 128 characters in length and MUST match the regular expression `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`.'],
    ['pull-manifest-type-parameters', 'SHOULD NOT', 'The registry SHOULD NOT include parameters on the `Content-Type` header.'],
    ['pull-manifest-type', 'SHOULD', "The `Content-Type` header SHOULD match what the client pushed as the manifest's `Content-Type`."],
    ['pull-manifest-200', 'MUST', 'A GET request to an existing manifest URL MUST provide the expected manifest, with a response code that MUST be `200 OK`.'],
    ['pull-manifest-digest', 'MUST', 'A successful response MUST contain the digest of the manifest in the header `Docker-Content-Digest`.', '1.2'],
    ['pull-manifest-404', 'MUST', 'If the manifest is not found in the repository, the response code MUST be `404 Not Found`.'],
  ]),
  ...clausesOf('Pulling blobs', [
    ['pull-blob-200', 'MUST', 'A GET request to an existing blob URL MUST provide the expected blob, with a response code that MUST be `200 OK`.'],
    ['pull-blob-digest', 'MUST', 'A successful response MUST contain the digest of the uploaded blob in the header `Docker-Content-Digest`.', '1.2'],
    ['pull-blob-digest-value', 'MUST', 'If present, the value of this header MUST be a digest matching that of the response body.'],
    ['pull-blob-404', 'MUST', 'If the blob is not found in the repository, the response code MUST be `404 Not Found`.'],
    ['pull-blob-range', 'SHOULD', 'A registry SHOULD support the `Range` request header in accordance with RFC 9110.'],
  ]),
  ...clausesOf('Checking if content exists in the registry', [
    ['head-200', 'MUST', 'A HEAD request to an existing blob or manifest URL MUST return `200 OK`.'],
    ['head-digest', 'MUST', 'A successful response MUST contain the digest of the uploaded blob or manifest in the header `Docker-Content-Digest`.', '1.2'],
    ['head-length', 'MUST', 'A successful response MUST contain the size in bytes of the uploaded blob or manifest in the header `Content-Length`.', '1.2'],
    ['head-404', 'MUST', 'If the blob or manifest is not found in the repository, the response code MUST be `404 Not Found`.'],
  ]),
  ...clausesOf('Push', [
    ['push-subject-missing', 'MUST', 'A registry MUST initially accept an otherwise valid manifest with a `subject` field that references a manifest that does not exist in the repository.'],
    ['push-blob-missing', 'MUST', 'When a manifest is rejected since a blob or manifest that it names does not exist, it MUST result in one or more `MANIFEST_BLOB_UNKNOWN` errors.'],
  ]),
  ...clausesOf('Pushing blobs', [
    ['push-digest-400', 'SHOULD', 'If the client provided digest is invalid or uses an unsupported algorithm, the registry SHOULD respond with a response code `400 Bad Request`.', '1.2'],
  ]),
  ...clausesOf('POST then PUT', [
    ['push-post-202', 'MUST', 'Upon success, the response to the `POST` MUST have a code of `202 Accepted`, and MUST include `Location: <location>`.'],
    ['push-session-id', 'MUST', 'The `<location>` MUST contain a UUID representing a unique session ID for the upload to follow.'],
    ['push-concurrent', 'MUST', 'Registries MUST support concurrent uploads from one or more clients.', '1.2'],
    ['push-put-201', 'MUST', 'Upon successful completion of the `PUT`, the response MUST have code `201 Created` and MUST have `Location: <blob-location>`, a pullable blob URL.'],
  ]),
  ...clausesOf('Single POST', [
    ['push-single-length', 'MUST', "The `Content-Length` header MUST match the blob's actual content length."],
    ['push-single-digest', 'MUST', "The `<digest>` MUST match the blob's digest."],
    ['push-single-202', 'SHOULD', 'Registries that do not support single request monolithic uploads SHOULD return a `202 Accepted` status code and `Location` header.'],
    ['push-single-201', 'MUST', 'Successful completion of the request MUST return a `201 Created` and MUST include `Location: <blob-location>`.'],
  ]),
  ...clausesOf('Pushing a blob in chunks', [
    ['push-algorithm', 'SHOULD', 'When pushing a blob with a digest algorithm other than `sha256`, the `POST` request SHOULD include the `digest-algorithm` parameter.', '1.2'],
    ['push-chunk-min-length', 'SHOULD', 'If the registry has a minimum chunk size, the `POST` response SHOULD include `OCI-Chunk-Min-Length: <size>`.'],
    ['push-chunk-inclusive', 'MUST', 'The `<range>` refers to the byte range of the chunk, and MUST be inclusive on both ends.'],
    ['push-chunk-first', 'MUST', "The first chunk's range MUST begin with `0`."],
    ['push-chunk-form', 'MUST', 'The range MUST match the regular expression `^[0-9]+-[0-9]+$`.'],
    ['push-chunk-202', 'MUST', 'The response for each successful chunk upload MUST be `202 Accepted`, and MUST have `Location: <location>` and `Range: 0-<end-of-range>`.'],
    ['push-chunk-order', 'MUST', "Chunks MUST be uploaded in order, with the first byte of a chunk being the last chunk's `<end-of-range>` plus one."],
    ['push-chunk-416', 'MUST', 'If a chunk is uploaded out of order, the registry MUST respond with a `416 Requested Range Not Satisfiable` code.'],
    ['push-chunk-final-416', 'MUST', 'If the final chunk is uploaded out of order, the registry MUST respond with a `416 Requested Range Not Satisfiable` code.', '1.2'],
    ['push-chunk-close', 'MUST', 'Regardless of how the final chunk is uploaded, the session MUST be closed with a `PUT` request.'],
    ['push-close-digest', 'MUST', 'The closing `PUT` request MUST include the `<digest>` of the whole blob (not the final chunk) as a query parameter.'],
    ['push-close-201', 'MUST', 'The response to a successful closing of the session MUST be `201 Created`, and MUST contain `Location: <blob-location>`, a pullable blob URL.'],
    ['push-status-204', 'MUST', 'The response to a `GET` of an active upload MUST be `204 No Content`, and MUST have `Location: <location>` and `Range: 0-<end-of-range>`.'],
  ]),
  ...clausesOf('Cancel a blob upload', [
    ['cancel-204', 'SHOULD', 'If successful, the response SHOULD be a `204 No Content` response code.'],
    ['cancel-timeout', 'SHOULD', 'If this request fails or is not called, the server SHOULD eventually timeout unfinished uploads.'],
  ]),
  ...clausesOf('Mounting a blob from another repository', [
    ['mount-201', 'MUST', 'The response to a successful mount MUST be `201 Created`, and MUST contain `Location: <blob-location>`.'],
    ['mount-202', 'SHOULD', 'If a registry does not support cross-repository mounting or is unable to mount the requested blob, it SHOULD return a `202`.'],
  ]),
  ...clausesOf('Pushing manifests', [
    ['push-manifest-type-parameters', 'SHOULD', 'The registry SHOULD ignore parameters on the `Content-Type` header.'],
    ['push-manifest-reference', 'MUST', 'The `<reference>` MUST be either a) a digest or b) a tag.'],
    ['push-manifest-bytes', 'MUST', 'The registry MUST store the manifest in the exact byte representation provided by the client.'],
    ['push-manifest-201', 'MUST', 'Upon a successful upload, the registry MUST return response code `201 Created`, and MUST have `Location: <location>`, a pullable manifest URL.'],
    ['push-manifest-digest', 'MUST', 'The `Docker-Content-Digest` header returns the digest of the uploaded manifest, and MUST be equal to the client provided digest.'],
    ['push-tags-10', 'SHOULD', 'A registry that supports `tag` query parameters SHOULD accept at least 10 tags in one request.', '1.2'],
    ['push-tags-header', 'MUST', 'A registry that supports `tag` query parameters MUST include an `OCI-Tag` response header for each tag that was pushed.', '1.2'],
    ['pull-repository-404', 'MUST', 'An attempt to pull a nonexistent repository MUST return response code `404 Not Found`.'],
    ['manifest-limit', 'SHOULD', 'A registry SHOULD enforce some limit on the maximum manifest size that it can accept.'],
    ['manifest-limit-413', 'SHOULD', 'A registry that enforces this limit SHOULD respond to a manifest over this limit with a response code `413 Payload Too Large`.'],
    ['manifest-4-megabytes', 'SHOULD', 'Client and registry implementations SHOULD expect to be able to support manifest pushes of at least 4 megabytes.'],
  ]),
  ...clausesOf('Pushing manifests with subject', [
    ['subject-header', 'MUST', 'A registry that supports the referrers API MUST respond to a manifest with a `subject` with the header `OCI-Subject: <subject digest>`.'],
  ]),
  ...clausesOf('Listing tags', [
    ['tags-200', 'MUST', 'Assuming a repository is found, this request MUST return a `200 OK` response code.'],
    ['tags-order', 'MUST', "If the list is not empty, the tags MUST be in lexical or \"ASCIIbetical\" (Go's `sort.Strings`) order."],
    ['tags-json', 'MUST', 'Upon success, the response MUST be a json body with `name` and `tags`.'],
    ['tags-n', 'MUST', 'Unless there are fewer tags or a `Link` header is provided, the response MUST include `<int>` results.'],
    ['tags-link', 'MUST', 'If included, the `Link` header MUST be set according to RFC 5988 with the Relation Type `rel="next"`.'],
    ['tags-zero', 'MUST', 'When `n` is zero, this endpoint MUST return an empty list.'],
    ['tags-zero-link', 'MUST NOT', 'When `n` is zero, this endpoint MUST NOT include a `Link` header.'],
    ['tags-n-order', 'MUST', 'With `n`, the tags MUST be in lexical or "ASCIIbetical" order.'],
    ['tags-last-index', 'MUST NOT', '`<tagname>` of `last` MUST NOT be a numerical index.'],
    ['tags-last-tag', 'MUST', '`<tagname>` of `last` MUST be a proper tag.'],
    ['tags-last-order', 'MUST', 'With `last`, the tags MUST be in lexical or "ASCIIbetical" order.'],
  ]),
  ...clausesOf('Listing referrers', [
    ['referrers-200', 'MUST', 'Assuming a repository is found, this request MUST return a `200 OK` response code.'],
    ['referrers-never-404', 'MUST NOT', 'If the registry supports the referrers API, the registry MUST NOT return a `404 Not Found` to a referrers API request.'],
    ['referrers-400', 'MUST', 'If the request is invalid, such as a `<digest>` with an invalid syntax, a `400 Bad Request` MUST be returned.'],
    ['referrers-index', 'MUST', 'Upon success, the response MUST be a JSON body with an image index containing a list of descriptors.'],
    ['referrers-content-type', 'MUST', 'The `Content-Type` header MUST be set to `application/vnd.oci.image.index.v1+json`.'],
    ['referrers-artifact-type', 'MUST', 'The descriptors MUST include an `artifactType` field that is set to the value of the `artifactType` in the image manifest or index, if present.'],
    ['referrers-config-type', 'MUST', 'If the `artifactType` is empty or missing in the image manifest, the value of `artifactType` MUST be set to the config descriptor `mediaType` value.'],
    ['referrers-index-type', 'MUST', 'If the `artifactType` is empty or missing in an index, the `artifactType` MUST be omitted.'],
    ['referrers-annotations', 'MUST', 'The descriptors MUST include annotations from the image manifest or index.'],
    ['referrers-empty', 'MUST', 'If a query results in no matching referrers, an empty manifest list MUST be returned.'],
    ['referrers-link', 'MUST', 'A `Link` header MUST be included in the response when the descriptor list cannot be returned in a single manifest.'],
    ['referrers-link-form', 'MUST', 'The `Link` header MUST be set according to RFC 5988 with the Relation Type `rel="next"`.'],
    ['referrers-filter', 'SHOULD', 'The registry SHOULD support filtering on `artifactType`.'],
    ['referrers-filter-header', 'MUST', 'If filtering is requested and applied, the response MUST include a header `OCI-Filters-Applied: artifactType`.'],
    ['referrers-filter-list', 'MUST', 'If multiple filters are applied, the header MUST contain a comma separated list of applied filters.'],
  ]),
  ...clausesOf('Deleting tags', [
    ['delete-tag-202', 'MUST', 'Upon success, the registry MUST respond with a `202 Accepted` code.'],
    ['delete-tag-disabled', 'MUST', 'If tag deletion is disabled, the registry MUST respond with either a `400 Bad Request` or a `405 Method Not Allowed`.'],
  ]),
  ...clausesOf('Deleting manifests', [
    ['delete-manifest-202', 'MUST', 'Upon success, the registry MUST respond with a `202 Accepted` code.'],
    ['delete-manifest-404', 'MUST', 'If the repository does not exist, the response MUST return `404 Not Found`.'],
    ['delete-manifest-disabled', 'MUST', 'If manifest deletion is disabled, the registry MUST respond with either a `400 Bad Request` or a `405 Method Not Allowed`.'],
  ]),
  ...clausesOf('Deleting blobs', [
    ['delete-blob-202', 'MUST', 'Upon success, the registry MUST respond with code `202 Accepted`.'],
    ['delete-blob-404', 'MUST', 'If the blob is not found, a `404 Not Found` code MUST be returned.'],
    ['delete-blob-disabled', 'MUST', 'If blob deletion is disabled, the registry MUST respond with either a `400 Bad Request` or a `405 Method Not Allowed`.'],
  ]),
  ...clausesOf('Registry proxying', [
    ['proxy-namespace', 'SHOULD', 'A registry that uses the `ns` query parameter to scope the request SHOULD return its value in the `OCI-Namespace` header.', '1.2'],
  ]),
  ...clausesOf('Enabling the referrers API', [
    ['upgrade-preexisting', 'MUST', 'Registries MUST include preexisting image manifests that are listed in an image index tagged with the referrers tag schema and have a valid `subject` field.'],
    ['upgrade-new', 'MUST', 'After the referrers API is enabled, registries MUST include all newly pushed image manifests with a valid `subject` field in the referrers API response.'],
  ]),
  ...clausesOf('Error codes', [
    ['error-format', 'MUST', 'If the body of a `4XX` response is in JSON format, it MUST have the format `{ "errors": [{ "code", "message", "detail" }] }`.'],
    ['error-code-form', 'MUST', 'The `code` field MUST be a unique identifier, containing only uppercase alphabetic characters and underscores.'],
    ['error-message', 'SHOULD', 'The `message` field is OPTIONAL, and if present, it SHOULD be a human readable string or MAY be empty.'],
    ['error-code-list', 'MUST', 'The `code` field MUST be one of those that the specification lists.'],
    ['error-retry-after', 'SHOULD', 'A `429 Too Many Requests` response SHOULD include a `Retry-After` header.', '1.2'],
  ]),
  ...clausesOf('Warnings', [
    ['warning-code', 'MUST', 'If included, `Warning` headers MUST specify a `warn-code` of `299` and a `warn-agent` of `-`.'],
    ['warning-date', 'MUST NOT', '`Warning` headers MUST NOT specify a `warn-date` value.'],
    ['warning-bytes', 'MUST NOT', 'A registry MUST NOT send more than 4096 bytes of warning data from all headers combined.'],
  ]),
]

/** What the words of `reason` mean. */
export const clientReasons = {
  request: 'how a client words or orders its requests is its own choice, and others are answered too',
  verification: 'what a client checks, it checks after the answer',
  reliance: 'what a client relies on shows in no request',
  fallback: 'it is what a client does with a registry that lacks something',
  display: 'it is about what a client shows',
}

/**
 * @param {string} section
 * @param {readonly (readonly [level: Level, reason: keyof typeof clientReasons, text: string])[]} rows
 * @returns {readonly ClientClause[]}
 */
function clientClausesOf(section, rows) {
  return rows.map(([level, reason, text]) => ({ section, level, reason, text }))
}

/** Clauses that bind clients alone. */
export const clientClauses = [
  ...clientClausesOf('Legacy Docker support', [
    ['SHOULD NOT', 'reliance', 'Docker-specific headers are OPTIONAL and clients SHOULD NOT depend on them.'],
    ['SHOULD NOT', 'reliance', 'Error codes targeting Docker schema1 manifests are OPTIONAL and clients SHOULD NOT depend on them.'],
  ]),
  ...clientClausesOf('Pulling manifests', [
    ['SHOULD', 'request', 'The client SHOULD include an `Accept` header indicating which manifest content types it supports.'],
    ['SHOULD', 'verification', 'The client SHOULD ignore parameters on the `Content-Type` header.'],
    ['SHOULD', 'verification', "Clients SHOULD reject unless the `mediaType` field's value matches the type specified by the `Content-Type` header."],
    ['MUST', 'verification', 'If `Docker-Content-Digest` is used, the client MUST verify the value matches the returned manifest.'],
    ['SHOULD', 'verification', 'If the `<reference>` is a digest, clients SHOULD verify the returned manifest matches this digest.'],
  ]),
  ...clientClausesOf('Pulling blobs', [
    ['MUST', 'verification', 'If `Docker-Content-Digest` is used, the client MUST verify the value matches the returned response body.'],
    ['SHOULD', 'verification', 'Clients SHOULD verify that the response body matches the requested digest.'],
  ]),
  ...clientClausesOf('POST then PUT', [
    ['MUST', 'request', 'The `<location>` of the `PUT` MUST match exactly the one obtained from the `POST` request (1.1: SHOULD).'],
    ['MUST NOT', 'request', 'It MUST NOT be assembled manually by clients except where absolute/relative conversion is necessary (1.1: SHOULD NOT).'],
  ]),
  ...clientClausesOf('Single POST', [
    ['SHOULD', 'fallback', 'Clients SHOULD proceed with a subsequent `PUT` request where the registry answered `202 Accepted`.'],
  ]),
  ...clientClausesOf('Pushing a blob in chunks', [
    ['MUST', 'request', 'The `POST` request MUST include the header `Content-Length: 0`.'],
    ['SHOULD', 'request', 'The size of each chunk, except for the final one, SHOULD be greater or equal to `OCI-Chunk-Min-Length`.'],
    ['SHOULD', 'request', 'Each consecutive chunk upload SHOULD use the `<location>` provided in the response to the previous chunk upload.'],
    ['SHOULD', 'request', 'The chunk upload that follows a `GET` of the status SHOULD use the `<location>` provided in the response.'],
  ]),
  ...clientClausesOf('Cancel a blob upload', [
    ['SHOULD', 'request', 'Clients SHOULD send this request when aborting a blob upload, releasing server resources.'],
    ['SHOULD', 'verification', 'Clients SHOULD ignore any failures.'],
  ]),
  ...clientClausesOf('Mounting a blob from another repository', [
    ['SHOULD', 'verification', 'If `Docker-Content-Digest` is used, the client SHOULD verify the value against the uploaded blob data.'],
  ]),
  ...clientClausesOf('Pushing manifests', [
    ['SHOULD', 'request', 'Clients SHOULD set the `Content-Type` header to the type of the manifest being pushed.'],
    ['SHOULD NOT', 'request', 'The client SHOULD NOT include parameters on the `Content-Type` header.'],
    ['SHOULD', 'request', 'All manifests SHOULD include a `mediaType` field declaring the type of the manifest being pushed.'],
    ['MUST', 'request', 'If a manifest includes a `mediaType` field, clients MUST set the `Content-Type` header to its value.'],
    ['MUST', 'request', 'The uploaded manifest MUST reference any blobs that make up the object.'],
    ['SHOULD', 'verification', 'If `Docker-Content-Digest` is used, the client SHOULD verify the value against the uploaded data.'],
  ]),
  ...clientClausesOf('Pushing manifests with subject', [
    ['MUST', 'fallback', 'Where `OCI-Subject` was not set, the client MUST update the referrers list under the referrers tag schema.'],
    ['SHOULD', 'fallback', 'If that pull returns a manifest other than the expected image index, the client SHOULD report a failure and skip the remaining steps.'],
    ['MUST', 'fallback', 'If the tag returns a 404, the client MUST begin with an empty image index.'],
    ['SHOULD NOT', 'fallback', 'Duplicate entries SHOULD NOT be created.'],
    ['MUST', 'fallback', 'The value of the `artifactType` MUST be set to the `artifactType` value in the pushed manifest, if present.'],
    ['MUST', 'fallback', 'Where it is empty or missing in an image manifest, `artifactType` MUST be set to the config descriptor `mediaType` value.'],
    ['MUST', 'fallback', 'All annotations from the pushed manifest MUST be copied to this descriptor.'],
  ]),
  ...clientClausesOf('Listing referrers', [
    ['MUST', 'fallback', 'If the referrers API returns a 404, the client MUST fallback to pulling the referrers tag schema.'],
    ['SHOULD', 'fallback', 'The response SHOULD be an image index with the same content that would be expected from the referrers API.'],
    ['SHOULD', 'fallback', 'If that does not return a valid image index, the client SHOULD assume there are no referrers to the manifest.'],
  ]),
  ...clientClausesOf('Deleting manifests', [
    ['SHOULD', 'fallback', 'When deleting a manifest with a `subject`, and the referrers API returns a 404, clients SHOULD remove it from the list under the referrers tag schema.'],
  ]),
  ...clientClausesOf('Registry proxying', [
    ['SHOULD', 'request', 'The host in the repository name SHOULD be the first component of the full repository name used by a client.'],
    ['SHOULD', 'request', 'This host SHOULD be the registry host a client considers the primary source for a repository.'],
    ['SHOULD', 'reliance', 'A client SHOULD be aware of whether a registry host is a proxy.'],
    ['SHOULD', 'request', 'A client SHOULD avoid sending `ns` query parameters to non-proxy registries.'],
    ['SHOULD NOT', 'request', 'Authorization credentials for an upstream registry SHOULD NOT be sent to a proxy registry unless explicitly configured.'],
  ]),
  ...clientClausesOf('Backwards compatibility', [
    ['MUST', 'fallback', 'Client implementations MUST support registries that implement partial or older versions of the OCI Distribution Spec.'],
    ['MUST', 'fallback', 'Client fallback procedures MUST be implemented when a new/optional API is not available from a registry.'],
    ['MUST', 'fallback', 'A client that pushes an image manifest with a `subject` MUST verify the referrers API is available or fallback to the referrers tag schema.'],
    ['MUST', 'fallback', 'A client querying the referrers API and receiving a `404 Not Found` MUST fallback to the referrers tag schema.'],
  ]),
  ...clientClausesOf('Referrers tag schema', [
    ['MUST', 'fallback', 'The referrers tag MUST match the truncated algorithm, a `-` and the truncated encoded section, with characters that tags do not allow replaced with `-`.'],
    ['MUST', 'fallback', "The truncated algorithm MUST match the digest's `algorithm` section truncated to 32 characters."],
    ['MUST', 'fallback', "The truncated encoded section MUST match the digest's `encoded` section truncated to 64 characters."],
  ]),
  ...clientClausesOf('Warnings', [
    ['SHOULD', 'display', 'If a client receives `Warning` response headers, it SHOULD report the warnings to the user in an unobtrusive way.'],
    ['SHOULD', 'display', 'Clients SHOULD deduplicate warnings from multiple associated responses.'],
    ['MUST NOT', 'display', 'Clients MUST NOT take any automated action based on the presence or contents of warnings, only report them to the user.'],
  ]),
]

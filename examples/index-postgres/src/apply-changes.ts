/**
 * The function that applies a commit: one call is one transaction.
 *
 * Whoever changes an entry, or expects something of it, holds the lock of its key until the end of the transaction, also
 * where there is no entry that could be locked. The locks are taken in one order, so that two commits never wait for each
 * other, and before the first look, which then sees what the holders before have committed. The keys share 1,024 locks,
 * as the room for locks in a server is limited. A check shares its lock with other checks.
 *
 * A commit that is sent again has the same token and takes the same locks. It waits for the first one where that is still
 * under way, and finds what became of it. Where the second one is refused, that is noted for a first one that comes late.
 *
 * It answers 0, or the number of the first change, from 1, whose expectation does not hold.
 */
export const applyChanges = (schema: string): string => `
CREATE FUNCTION ${schema}.apply_changes (
  commit_token text, is_repeated boolean, is_durable boolean,
  operations text[], places bytea[], partitions text[], sorts text[], expectations text[], revisions text[], contents text[], texts text[]
) RETURNS integer LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $function$
DECLARE
  locks CONSTANT integer := hashtext('registry-index-postgres ' || '${schema}');
  lock record;
  outcome integer;
BEGIN
  IF NOT is_durable THEN
    PERFORM set_config('synchronous_commit', 'off', true);
  END IF;
  FOR lock IN
    SELECT hashtext(encode(change.place, 'hex') || change.sort) & 1023 AS number, bool_or(change.operation <> 'check') AS is_exclusive
    FROM unnest(operations, places, sorts) AS change (operation, place, sort) GROUP BY 1 ORDER BY 1
  LOOP
    IF lock.is_exclusive THEN
      PERFORM pg_advisory_xact_lock(locks, lock.number);
    ELSE
      PERFORM pg_advisory_xact_lock_shared(locks, lock.number);
    END IF;
  END LOOP;

  SELECT done.outcome INTO outcome FROM ${schema}.commits AS done WHERE done.token = commit_token;
  IF FOUND THEN
    RETURN outcome;
  END IF;

  SELECT coalesce(min(change.position), 0) INTO outcome
  FROM unnest(places, sorts, expectations) WITH ORDINALITY AS change (place, sort, expectation, position)
  LEFT JOIN ${schema}.entries AS entry ON entry.place = change.place AND entry.sort = change.sort
  WHERE CASE change.expectation
    WHEN 'absent' THEN entry.place IS NOT NULL
    WHEN 'present' THEN entry.place IS NULL
    ELSE '=' || entry.revision IS DISTINCT FROM change.expectation AND change.expectation IS NOT NULL
  END;

  IF outcome = 0 THEN
    INSERT INTO ${schema}.entries AS entry (place, partition, sort, revision, value, text)
    SELECT change.place, change.partition, change.sort, change.revision, change.content, change.text
    FROM unnest(operations, places, partitions, sorts, revisions, contents, texts)
      AS change (operation, place, partition, sort, revision, content, text)
    WHERE change.operation = 'put'
    ON CONFLICT (place, sort) DO UPDATE SET revision = excluded.revision, value = excluded.value, text = excluded.text;

    DELETE FROM ${schema}.entries AS entry USING unnest(operations, places, sorts) AS change (operation, place, sort)
    WHERE change.operation = 'delete' AND entry.place = change.place AND entry.sort = change.sort;
  END IF;

  IF outcome = 0 OR is_repeated THEN
    INSERT INTO ${schema}.commits (token, outcome) VALUES (commit_token, outcome);
    DELETE FROM ${schema}.commits WHERE token IN (
      SELECT token FROM ${schema}.commits WHERE at < now() - interval '1 day' ORDER BY at LIMIT 4 FOR UPDATE SKIP LOCKED
    );
  END IF;
  RETURN outcome;
END
$function$`

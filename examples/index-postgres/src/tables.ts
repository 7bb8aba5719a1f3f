/**
 * The tables of version 1. `place` stands for the partition, which is there for people. Keys are compared by bytes.
 * `commits` has what became of the commits of the last day, so that one that is sent again is recognised.
 */
export const tables = (schema: string): string => `
CREATE TABLE ${schema}.entries (
  place bytea NOT NULL,
  sort text COLLATE "C" NOT NULL,
  partition text COLLATE "C" NOT NULL,
  revision text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  text text COLLATE "C",
  PRIMARY KEY (place, sort)
);
CREATE INDEX entries_with_text ON ${schema}.entries (place, sort) WHERE text IS NOT NULL;
CREATE TABLE ${schema}.commits (
  token text COLLATE "C" PRIMARY KEY,
  outcome integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX commits_at ON ${schema}.commits (at);
CREATE TABLE ${schema}.version (version integer NOT NULL);
INSERT INTO ${schema}.version (version) VALUES (1);`

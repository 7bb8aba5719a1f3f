export const help = `Usage: npm run mutants -- [options]

A mutant is a small patch that breaks the code in a way that would hurt someone: an fsync is dropped, a check is
skipped, a page is lost. Each names the test that has to fail with it. A mutant that survives is a hole in the tests.
The patches are applied to copies in the temporary folder, never to the working tree.

  --only PART        only mutants that have PART in their name
  --shares N         one of N shares of them, another one for each commit
  --json FILE        write the verdicts to FILE as well, with what each failing test said
  --assume-passing   do not run the tests on the code as it is first: for who runs all tests anyway
  --help             this text

Results:
  killed           the named test fails, as it should
  SURVIVED         the test passes: make it look closer, or name one that does
  DOES NOT APPLY   the code has changed: bring the mutant up to date
  NO TEST          no test of that title runs: it was renamed, or is skipped here
  TEST FAILS       the test fails on the code as it is: mend that first
  NO VERDICT       with the patch the test file does not load, does not end, or has no such test

To add a mutant, add an entry to tests/mutants/<package>.mjs; its form is described in tests/mutants/index.mjs.`
